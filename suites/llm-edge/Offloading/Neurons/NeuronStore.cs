using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Offloading.Neurons;

/// <summary>Where the three rows of a neuron lie: gate row, up row, down column, <c>width</c> floats each.</summary>
unsafe interface INeuronSource : IDisposable
{
    /// <summary>Neurons that may be asked for at a time.</summary>
    int Most { get; }

    /// <summary>Says which neurons will be wanted; what is not in memory begins to be read.</summary>
    void Ask(int layer, ReadOnlySpan<int> neurons);

    /// <summary>Of a neuron that was asked for, valid until the next are.</summary>
    float* Bundle(int layer, int neuron);
}

/// <summary>All bundles of a model in memory, unpacked to floats, axes [layer, neuron, gate-up-down, width].</summary>
sealed unsafe class NeuronStore : INeuronSource
{
    const int Rows = 3;

    readonly NativeBlock[] _layers;

    public NeuronStore(LanguageModel model)
    {
        (Width, Hidden) = (model.Shape.Width, model.Shape.Hidden);
        _layers = [.. model.Layers.Select(Bundles)];
    }

    public int Width { get; }
    public int Hidden { get; }
    public int Layers => _layers.Length;
    public int BundleBytes => Rows * Width * sizeof(float);

    public int Most => Hidden;

    public void Ask(int layer, ReadOnlySpan<int> neurons) { }

    public float* Bundle(int layer, int neuron) => _layers[layer].Floats + (long)neuron * Rows * Width;

    public ReadOnlySpan<byte> Bytes(int layer, int neuron) => new(Bundle(layer, neuron), BundleBytes);

    NativeBlock Bundles(Layer layer)
    {
        var block = new NativeBlock((long)Hidden * BundleBytes);
        for (var neuron = 0; neuron < Hidden; neuron++)
        {
            var to = block.Floats + (long)neuron * Rows * Width;
            layer.Gate.Unpack(neuron, new(to, Width));
            layer.Up.Unpack(neuron, new(to + Width, Width));
        }
        var column = new float[Hidden];
        for (var row = 0; row < Width; row++)
        {
            layer.Down.Unpack(row, column);
            for (var neuron = 0; neuron < Hidden; neuron++) block.Floats[((long)neuron * Rows + 2) * Width + row] = column[neuron];
        }
        return block;
    }

    public void Dispose()
    {
        foreach (var layer in _layers) layer.Dispose();
    }
}
