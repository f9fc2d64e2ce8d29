using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Offloading.Predicting;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Offloading.Streaming;

/// <summary>How open gates are foreseen in a file of neurons.</summary>
/// <param name="Rank">Of the copy of the gates.</param>
/// <param name="Recall">Share of open gates of the first half of the tokens that thresholds let pass.</param>
/// <param name="Tokens">To calibrate with; the second half judges.</param>
public sealed record NeuronForesight([property: Range(1, 4096)] int Rank = 48, [property: Range(0.5, 1.0)] double Recall = 0.98,
    [property: Range(16, 1_000_000)] int Tokens = 256);

/// <summary>Writes the feed-forward neurons of a model into a file from which they are read one by one.</summary>
public static class NeuronOffloading
{
    const int Window = 128;
    const int Batch = 64;

    /// <param name="texts">To calibrate with; none is random tokens.</param>
    /// <returns>By layer: what was foreseen of tokens that set no threshold.</returns>
    /// <exception cref="HarnessException">No gate of the model is exactly silent, or there are too few tokens.</exception>
    public static IReadOnlyList<Foresight> Write(LanguageModel model, FileInfo file, NeuronForesight foresight, IReadOnlyList<string> texts,
        ulong seed, int threads, CancellationToken cancellation = default)
    {
        Possible.Check(foresight);
        _ = BundleLayout.Of(model);
        var inputs = Inputs(model, Windows(model, foresight.Tokens, texts, seed), threads, cancellation);
        var fitted = new FittedLayer[model.Shape.Layers];
        Parallel.For(0, fitted.Length, new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, layer =>
            fitted[layer] = LowRankFit.Of(model.Layers[layer].Gate, inputs[layer], foresight.Rank, foresight.Recall,
                new(seed + (ulong)layer)));
        NeuronFile.Write(model, fitted, file);
        return [.. fitted.Select(layer => layer.Foresight)];
    }

    static IReadOnlyList<IReadOnlyList<int>> Windows(LanguageModel model, int tokens, IReadOnlyList<string> texts, ulong seed)
    {
        var length = Math.Min(Window, model.Shape.Context);
        var count = (tokens + length - 1) / length;
        if (texts.Count > 0)
        {
            var windows = TokenWindows.Spread(model.Tokenizer, texts, length, count);
            return windows.Sum(window => window.Count) >= 2 ? windows
                : throw new HarnessException("The text to calibrate with has fewer than two tokens; give a longer one.");
        }
        var chance = new Chance(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, length).Select(_ => chance.Below(model.Shape.Vocabulary))
            .ToArray())];
    }

    // By layer: the inputs of its gates, token by token.
    static List<float[]>[] Inputs(LanguageModel model, IReadOnlyList<IReadOnlyList<int>> windows, int threads,
        CancellationToken cancellation)
    {
        var layerOf = model.Layers.Select((layer, index) => (layer.Gate, index)).ToDictionary(entry => entry.Gate, entry => entry.index);
        List<float[]>[] inputs = [.. model.Layers.Select(_ => new List<float[]>())];
        using var decoder = new Decoder(model, new(threads, Math.Min(Window, model.Shape.Context), Batch)) { Watch = Record };
        foreach (var window in windows)
        {
            cancellation.ThrowIfCancellationRequested();
            decoder.Reset();
            decoder.Append([.. window]);
        }
        return inputs;

        void Record(Matrix matrix, Panel panel)
        {
            if (!layerOf.TryGetValue(matrix, out var layer)) return;
            for (var token = 0; token < panel.View.Tokens; token++) inputs[layer].Add(panel.Token(token).ToArray());
        }
    }
}
