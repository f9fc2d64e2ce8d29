using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Offloading.Direct;
using Suites.LlmEdge.Offloading.Neurons;

namespace Suites.LlmEdge.Offloading.Streaming;

/// <summary>
/// Computes feed-forward layers neuron by neuron in ascending order while those that are missing are read: the order, and with it every
/// bit of the sums, does not depend on what memory holds or on how fast the device is.
/// </summary>
sealed unsafe class StreamedFeedForward(NeuronFile file, NeuronSlots slots, Gating gating, Instructions instructions) : IFeedForward,
    IDisposable
{
    readonly int[] _selected = new int[file.Layout.Hidden];
    readonly Panel _panel = new(file.Layout.Width, 1);
    readonly float[] _column = new float[file.Layout.Width];
    readonly MatrixKernel _kernel = MatrixKernel.Of(file.Layout.Rows, instructions);
    readonly bool _positiveUps = SilentGates.PositiveUpsOf(gating);

    /// <summary>Layers of tokens that were computed here, neurons asked for in them, and those whose gate was open.</summary>
    public long Passes { get; private set; }
    public long Asked { get; private set; }
    public long Open { get; private set; }

    public void One(int layer, ReadOnlySpan<float> x, Span<float> sums)
    {
        x.CopyTo(_panel.Token(0));
        _panel.Changed(1);
        _panel.Prepare(_kernel.Layout);
        sums.Clear();
        ReadOnlySpan<int> selected = _selected.AsSpan(0, file.Predictor.Select(layer, x, _selected));
        (Passes, Asked) = (Passes + 1, Asked + selected.Length);
        for (; selected.Length > 0; selected = selected[Math.Min(selected.Length, slots.Recent)..])
        {
            var some = selected[..Math.Min(selected.Length, slots.Recent)];
            slots.Ask(layer, some);
            foreach (var neuron in some) Add(slots.Await(layer, neuron), sums);
        }
    }

    public void Several(int layer, int tokens) { }

    void Add(byte* bundle, Span<float> sums)
    {
        float gate, up;
        _kernel.Run(bundle, 1, _panel.View, &gate, 1);
        if (gate <= 0) return;
        Open++;
        _kernel.Run(bundle + file.Layout.RowBytes, 1, _panel.View, &up, 1);
        if (_positiveUps && up < 0) return;
        Columns.AddScaled(file.Layout.Column, sums, gate * up, bundle + 2 * file.Layout.RowBytes, _column);
    }

    public void Dispose() => _panel.Dispose();
}
