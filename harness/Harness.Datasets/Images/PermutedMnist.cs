using System.Globalization;

namespace Harness.Datasets.Images;

/// <summary>
/// Permuted MNIST for continual learning: the same digits in every task, the pixels in an order of the task's own. Samples come task by
/// task.
/// </summary>
public sealed class PermutedMnist : IDataset<TaskImage>
{
    readonly Mnist _mnist = new();
    readonly int _tasks;
    readonly IReadOnlyDictionary<Split, int> _perTask;

    PermutedMnist(string id, string title, int tasks, IReadOnlyDictionary<Split, int> perTask)
    {
        (_tasks, _perTask) = (tasks, perTask);
        Card = _mnist.Card with
        {
            Id = id,
            Title = title,
            Citation = "Goodfellow et al.: An empirical investigation of catastrophic forgetting in gradient-based neural networks, "
                + "ICLR 2014; " + _mnist.Card.Citation,
            Encoding = string.Create(CultureInfo.InvariantCulture, $"{_mnist.Card.Encoding}; task 0..{tasks - 1}"),
            SplitRule = string.Create(CultureInfo.InvariantCulture, $"of every task the first {perTask[Split.Train]} (train), "
                + $"{perTask[Split.Validation]} (validation) and {perTask[Split.Test]} (test) of: {_mnist.Card.SplitRule}"),
            Counts = perTask.ToDictionary(part => part.Key, part => part.Value * tasks),
            VariantOf = _mnist.Card.Protocol,
            Roles = "domain-incremental: the same ten classes in every task, the task is not given at test time",
            Parameters = new Dictionary<string, string>
            {
                ["order"] = "pixel i of task k is pixel p[i] of the digit, p = numpy.random.RandomState(k).permutation(784)",
            },
        };
    }

    /// <summary>Five tasks of 12 000 digits.</summary>
    public static PermutedMnist Five { get; } = new("permuted-mnist-5", "Permuted MNIST, five tasks of 12 000 digits", 5,
        new Dictionary<Split, int> { [Split.Train] = 12_000, [Split.Validation] = 1_000, [Split.Test] = 2_000 });

    /// <summary>Ten tasks of all digits.</summary>
    public static PermutedMnist Ten { get; } = new("permuted-mnist-10", "Permuted MNIST, ten tasks", 10, IdxImages.Counts);

    public DatasetCard Card { get; }

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => _mnist.FetchAsync(cache, cancellation);

    public IEnumerable<TaskImage> Read(DirectoryInfo cache, Split split) => Enumerable.Range(0, _tasks).SelectMany(task =>
    {
        var order = NumpyPermutation.Of((uint)task, _mnist.Card.Axes![1].Size * _mnist.Card.Axes[2].Size);
        return _mnist.Read(cache, split).Take(_perTask[split]).Select(image => new TaskImage(Ordered(image, order), task));
    });

    static LabeledImage Ordered(LabeledImage image, int[] order)
    {
        var pixels = new byte[order.Length];
        for (var place = 0; place < order.Length; place++) pixels[place] = image.Pixels.Span[order[place]];
        return image with { Pixels = pixels };
    }
}
