using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;
using Harness.Datasets.Formats;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Offloading.Direct;

namespace Suites.LlmEdge.Offloading.Streaming;

/// <summary>How much memory neurons have, and how they are read.</summary>
/// <param name="NeuronBytes">Memory for neurons and for what foresees them.</param>
/// <param name="FixedShare">Of the room for neurons, for those asked for most often, which stay; the rest is for those used last.</param>
/// <param name="ReadThreads">Reads on their way at a time.</param>
public sealed record StreamingOptions(long NeuronBytes, [property: Range(0.0, 1.0)] double FixedShare = 0.95,
    [property: Range(1, 64)] int ReadThreads = 16);

/// <summary>What tokens that came one at a time needed of neurons, since the model was opened.</summary>
/// <param name="Tokens">Decoded one by one.</param>
/// <param name="Neurons">Of all layers and these tokens.</param>
/// <param name="Asked">Of <paramref name="Neurons"/> those asked for.</param>
/// <param name="Open">Of <paramref name="Asked"/> those with an open gate.</param>
/// <param name="Reads">Of <paramref name="Asked"/> those that were not in memory.</param>
/// <param name="ReadBytes">Bytes of these reads.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct StreamingUse(long Tokens, long Neurons, long Asked, long Open, long Reads, long ReadBytes)
{
    public static StreamingUse operator -(StreamingUse a, StreamingUse b) => new(a.Tokens - b.Tokens, a.Neurons - b.Neurons,
        a.Asked - b.Asked, a.Open - b.Open, a.Reads - b.Reads, a.ReadBytes - b.ReadBytes);
}

/// <summary>
/// A model whose feed-forward neurons lie in a file beside it (PowerInfer-2, Xue et al. 2024: neuron bundles, a cache in segments, reading
/// beside computing). Tokens that come several at a time are computed from the model itself. Not thread-safe.
/// </summary>
public sealed class StreamedModel : IDisposable
{
    readonly LanguageModel _model;
    readonly NeuronFile _file;
    readonly ReadTeam _readers;
    readonly NeuronSlots _slots;
    readonly StreamedFeedForward _layers;

    StreamedModel(LanguageModel model, NeuronFile file, StreamingOptions options)
    {
        (_model, _file, _readers) = (model, file, new(file, options.ReadThreads));
        try
        {
            _slots = Slots(file, _readers, options.NeuronBytes - file.Predictor.Bytes, options.FixedShare);
        }
        catch
        {
            _readers.Dispose();
            throw;
        }
        _layers = new(file, _slots, model.Shape.Gating, MatrixKernel.Best);
    }

    // As many of each layer stay, those asked for most often, and at least one slot is for those used last, even where all stay.
    internal static NeuronSlots Slots(NeuronFile file, ReadTeam readers, long bytes, double fixedShare)
    {
        var all = file.Layers * file.Hidden;
        var count = (int)Math.Clamp(bytes / file.Stride, 0, all);
        var staying = Math.Min((int)(fixedShare * count / file.Layers), count == all ? file.Hidden : (count - 1) / file.Layers);
        var recent = Math.Max(count - staying * file.Layers, staying == file.Hidden ? 1 : 0);
        return recent > 0 ? new(file, readers, [.. file.Orders.Select(order => order[..staying])], recent)
            : throw new HarnessException(
                $"{bytes:N0} bytes have no room for a neuron of {file.Stride} bytes; give more memory to neurons.");
    }

    /// <param name="file">Written by <see cref="NeuronOffloading"/>. It must not change meanwhile.</param>
    /// <exception cref="DataFormatException">The file is damaged.</exception>
    /// <exception cref="HarnessException">It is of another model, there are no direct reads here, or memory is too small.</exception>
    public static StreamedModel Open(LanguageModel model, FileInfo file, StreamingOptions options)
    {
        Possible.Check(options);
        var neurons = NeuronFile.Open(model, file);
        try
        {
            return new(model, neurons, options);
        }
        catch
        {
            neurons.Dispose();
            throw;
        }
    }

    /// <summary>Bytes of neurons in memory, and of what foresees them.</summary>
    public long NeuronBytes => _slots.Bytes;
    public long PredictorBytes => _file.Predictor.Bytes;

    /// <summary>Since it was opened.</summary>
    public StreamingUse Use => new(_layers.Passes / _model.Shape.Layers, _layers.Passes * _model.Shape.Hidden, _layers.Asked, _layers.Open,
        _slots.Reads, _slots.Reads * _file.Layout.Stride);

    /// <summary>A decoder that takes its neurons from here when tokens come one at a time. Dispose it first.</summary>
    public Decoder NewDecoder(DecoderOptions options) => new(_model, options) { OneByOne = _layers };

    public void Dispose()
    {
        _layers.Dispose();
        _readers.Dispose();
        _slots.Dispose();
        _file.Dispose();
    }
}
