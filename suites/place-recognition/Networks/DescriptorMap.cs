using Harness.Datasets.Places;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.PlaceRecognition.Networks;

/// <summary>Descriptors of all reference images; a query is compared with each by cosine, the best image of a place counts.</summary>
sealed class DescriptorMap : IModel<PlaceImage, PlacePrediction>
{
    /// <summary>Images of one pass.</summary>
    const int BatchSize = 256;

    readonly PlaceNetwork network;
    readonly Func<PlaceImage, float[]> view;
    readonly Tensor descriptors;
    readonly int[] labels;
    readonly int most;
    bool disposed;

    /// <summary>The map then owns the network.</summary>
    /// <param name="view">An image as the network is given it, [rows, columns].</param>
    /// <param name="reference">[images, 1, rows, columns], as <paramref name="view"/> gives them.</param>
    /// <param name="labels">Places of the images.</param>
    public DescriptorMap(PlaceNetwork network, Func<PlaceImage, float[]> view, Tensor reference, int[] labels)
    {
        (this.network, this.view, this.labels, most) = (network, view, labels, labels.Max() + 1);
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        descriptors = cat([.. reference.split(BatchSize).Select(network.forward)]).DetachFromDisposeScope();
    }

    public Footprint Footprint => new(ModuleSize.Parameters(network), ModuleSize.Footprint(network).Bytes + descriptors.numel()
        * sizeof(float), 8 * sizeof(float));

    public IReadOnlyList<PlacePrediction> Predict(IReadOnlyList<PlaceImage> batch)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return [.. batch.Chunk(BatchSize).SelectMany(Find)];
    }

    PlacePrediction[] Find(PlaceImage[] queries)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        var likeness = network.forward(Views(queries, view, network.Height, network.Width)).matmul(descriptors.t()).contiguous()
            .data<float>().ToArray();
        return [.. queries.Select((_, query) => PlacePrediction.Of(Scores(likeness.AsSpan(query * labels.Length, labels.Length))))];
    }

    double[] Scores(ReadOnlySpan<float> likeness)
    {
        var scores = new double[most];
        Array.Fill(scores, double.NegativeInfinity);
        for (var image = 0; image < labels.Length; image++) scores[labels[image]] = Math.Max(scores[labels[image]], likeness[image]);
        return scores;
    }

    /// <summary>[images, 1, rows, columns].</summary>
    /// <exception cref="HarnessException">An image has another size.</exception>
    public static Tensor Views(IReadOnlyList<PlaceImage> images, Func<PlaceImage, float[]> view, int height, int width)
    {
        foreach (var image in images)
            if ((image.Height, image.Width) != (height, width))
                throw new HarnessException($"An image has {image.Height} × {image.Width} pixels, but the network was made for {height} × "
                    + $"{width}; give all images one size.");
        return OwnTensor.Of([.. images.SelectMany(view)], images.Count, 1, height, width);
    }

    public OperationCounts Count(IReadOnlyList<PlaceImage> batch) => new([.. network.Operations,
        new("comparison", "matching", descriptors.numel(), 0, descriptors.numel()) { WeightBytes = descriptors.numel() * sizeof(float) }],
        batch.Count);

    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        descriptors.Dispose();
        network.Dispose();
    }
}
