namespace Harness.Datasets.Images;

/// <summary>
/// A sequence that a family may look at all at once, as the STEP platform does: strided convolutions make tokens of it, which are then
/// repeated for some time steps. That is another task than reading it step by step, and so another protocol.
/// </summary>
public sealed class WholeSequence(IDataset<FrameSequence> source) : IDataset<FrameSequence>
{
    /// <summary>Sequential MNIST, all 784 values at once.</summary>
    public static WholeSequence ByRow { get; } = new(SequentialMnist.ByRow);

    /// <summary>Permuted sequential MNIST, all 784 values at once.</summary>
    public static WholeSequence Permuted { get; } = new(SequentialMnist.Permuted);

    public DatasetCard Card { get; } = source.Card with
    {
        Id = $"{source.Card.Id}-whole",
        Title = $"{source.Card.Title}, seen as a whole",
        Encoding = $"{source.Card.Encoding}; all steps may be looked at together",
        VariantOf = source.Card.Protocol,
        Parameters = new Dictionary<string, string>(source.Card.Parameters ?? new Dictionary<string, string>())
        {
            ["access"] = "the whole sequence at once (STEP, NeurIPS 2025), not step by step",
        },
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => source.FetchAsync(cache, cancellation);

    public IEnumerable<FrameSequence> Read(DirectoryInfo cache, Split split) => source.Read(cache, split);
}
