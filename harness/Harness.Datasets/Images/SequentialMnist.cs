namespace Harness.Datasets.Images;

/// <summary>
/// MNIST read pixel by pixel, 784 steps of one channel: row by row (sMNIST), or in one fixed permuted order (psMNIST). The permutation is
/// the one most published code uses, <c>numpy.random.RandomState(92916).permutation(784)</c> (Helfrich et al. 2018 and others); step i
/// shows
/// pixel <see cref="Order"/>[i].
/// </summary>
public sealed class SequentialMnist : IDataset<FrameSequence>
{
    const uint PublishedSeed = 92916;
    const int Pixels = 784;

    readonly Mnist _mnist = new();
    readonly int[] _order;

    SequentialMnist(string id, string title, int[] order, string orderText)
    {
        _order = order;
        Card = _mnist.Card with
        {
            Id = id,
            Title = title,
            Encoding = "uint8 [784 step, 1 channel], intensity 0..255, one pixel a step",
            Citation = "Le, Jaitly, Hinton: A simple way to initialize recurrent networks of rectified linear units, 2015; "
                + _mnist.Card.Citation,
            VariantOf = _mnist.Card.Protocol,
            Metrics = ["accuracy@1"],
            Parameters = new Dictionary<string, string> { ["order"] = orderText },
        };
    }

    public static SequentialMnist ByRow { get; } = new("smnist", "Sequential MNIST", [.. Enumerable.Range(0, Pixels)], "row by row");

    public static SequentialMnist Permuted { get; } = new("psmnist", "Permuted sequential MNIST",
        NumpyPermutation.Of(PublishedSeed, Pixels),
        "numpy.random.RandomState(92916).permutation(784); step i shows pixel order[i]");

    public DatasetCard Card { get; }

    /// <summary>Which pixel each step shows.</summary>
    public IReadOnlyList<int> Order => _order;

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => _mnist.FetchAsync(cache, cancellation);

    public IEnumerable<FrameSequence> Read(DirectoryInfo cache, Split split) => _mnist.Read(cache, split).Select(Unroll);

    FrameSequence Unroll(LabeledImage image)
    {
        var values = new byte[Pixels];
        var pixels = image.Pixels.Span;
        for (var step = 0; step < Pixels; step++) values[step] = pixels[_order[step]];
        return new(values, Pixels, 1, image.Label);
    }
}
