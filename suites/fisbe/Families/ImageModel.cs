using Harness.Datasets.Fisbe;
using Suites.Fisbe.Segmentation;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Families;

/// <summary>A segmentation without a network as a model.</summary>
/// <param name="numbers">What was learnt or fixed, counted as parameters of four bytes.</param>
/// <param name="operations">Multiply-accumulates for an image; what has no arithmetic of that kind is not counted.</param>
sealed class ImageModel(int numbers, Func<Image, IEnumerable<Mask>> segment, Func<Image, IEnumerable<LayerOperations>> operations)
    : IModel<NeuronVolume, NeuronPrediction>
{
    public Footprint Footprint { get; } = new(numbers, numbers * sizeof(float), 8 * sizeof(float));

    public IReadOnlyList<NeuronPrediction> Predict(IReadOnlyList<NeuronVolume> batch) =>
        [.. batch.Select(volume => NeuronPrediction.Of(segment(Image.Of(volume))))];

    public OperationCounts Count(IReadOnlyList<NeuronVolume> batch)
    {
        var layers = batch.Select(volume => operations(Image.Of(volume)).ToArray()).ToArray();
        return new([.. layers[0].Select((layer, index) => layer with
        {
            Macs = layers.Average(counts => counts[index].Macs), DenseOperations = layers.Average(counts => counts[index].DenseOperations),
        })], batch.Count);
    }

    public void Dispose() { }

    /// <summary>Three passes of a Gaussian over every channel.</summary>
    public static LayerOperations Smoothing(Image image, double sigma)
    {
        var macs = sigma == 0 ? 0 : 3.0 * (2 * Math.Max(1, Math.Ceiling(3 * sigma)) + 1) * image.Values.Length;
        return new("smoothing", "filter", macs, 0, macs);
    }
}
