using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Offloading.Storage;

/// <summary>
/// How the feed-forward layers lie on flash: neuron i is row i of the gate, row i of the up and column i of the down projection, each of
/// <paramref name="RowBytes"/>; a bundle holds the three one after another.
/// </summary>
/// <param name="Hidden">Neurons of a layer.</param>
sealed record NeuronLayout(int Layers, int Hidden, long RowBytes)
{
    public const int RowsOfBundle = 3;

    /// <param name="scale">Prices rows as so many times as long: stands for a model that is wider with the same activations.</param>
    public static NeuronLayout Of(ModelShape shape, int scale = 1) => new(shape.Layers, shape.Hidden, sizeof(float) * (long)shape.Width
        * scale);

    /// <summary>What a neuron takes in memory.</summary>
    public long BundleBytes => RowsOfBundle * RowBytes;

    public long LayerBytes => Hidden * BundleBytes;
    public long Bytes => Layers * LayerBytes;
}
