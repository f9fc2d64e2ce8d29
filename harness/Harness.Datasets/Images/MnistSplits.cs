namespace Harness.Datasets.Images;

/// <summary>
/// Split MNIST for continual learning: five tasks of two digits each, (0,1) (2,3) (4,5) (6,7) (8,9). Samples come task by task; a family
/// must learn them in that order, one pass over the tasks.
/// </summary>
public sealed class MnistSplits : IDataset<TaskImage>
{
    readonly Mnist _mnist = new();

    public MnistSplits() => Card = _mnist.Card with
    {
        Id = "mnist-splits",
        Title = "Split MNIST, five tasks of two digits",
        Citation = "Zenke, Poole, Ganguli: Continual learning through synaptic intelligence, ICML 2017; " + _mnist.Card.Citation,
        Encoding = _mnist.Card.Encoding + "; task 0..4",
        SplitRule = "task = digit / 2; every part is ordered by task and, within a task, as in MNIST: " + _mnist.Card.SplitRule,
        VariantOf = _mnist.Card.Protocol,
        Metrics = ["accuracy@1"],
        Roles = "class-incremental: ten classes, the task is not given at test time",
        Parameters = new Dictionary<string, string> { ["tasks"] = "(0,1) (2,3) (4,5) (6,7) (8,9), in this order" },
    };

    public DatasetCard Card { get; }

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => _mnist.FetchAsync(cache, cancellation);

    public IEnumerable<TaskImage> Read(DirectoryInfo cache, Split split) => _mnist.Read(cache, split)
        .Select(image => new TaskImage(image, image.Label / 2)).OrderBy(sample => sample.Task);
}
