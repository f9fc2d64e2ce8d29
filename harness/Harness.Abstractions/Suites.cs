namespace Harness.Abstractions;

/// <summary>A named set of benchmarks: the literal list of everything it can run.</summary>
public sealed record Suite(string Id, string Title, IReadOnlyList<IBenchmark> Benchmarks)
{
    /// <summary>What others report of the same task. It is shown beside results and never ranked among them.</summary>
    public IReadOnlyList<ReportedTable> Reported { get; init; } = [];
}

/// <summary>Numbers that others report and nobody ran here, as published.</summary>
/// <param name="Origin">Who reports them, where, and how far they compare with results of this harness.</param>
/// <param name="Columns">The first one names the method.</param>
public sealed record ReportedTable(string Title, string Origin, string? Link, IReadOnlyList<string> Columns,
    IReadOnlyList<IReadOnlyList<string>> Rows);

public interface IBenchmark
{
    string Id { get; }
    TResult Accept<TResult>(IBenchmarkVisitor<TResult> visitor);
}

public interface IBenchmarkVisitor<out TResult>
{
    TResult Visit<TSample, TPrediction>(Benchmark<TSample, TPrediction> benchmark);
}

/// <summary>Datasets, families and metrics of one kind. Typed here, untyped under the harness; the visitor is the bridge.</summary>
public sealed record Benchmark<TSample, TPrediction>(string Id, string Title) : IBenchmark
{
    public required IReadOnlyList<IDataset<TSample>> Datasets { get; init; }
    public required IReadOnlyList<IModelFamily<TSample, TPrediction>> Families { get; init; }
    /// <summary>The first metric is the primary one: leaderboards sort by it.</summary>
    public required IReadOnlyList<IMetric<TSample, TPrediction>> Metrics { get; init; }
    /// <summary>The sample as a model may see it at test time: without its target.</summary>
    public required Func<TSample, TSample> Withhold { get; init; }
    /// <summary>The target in the form that samples.parquet stores.</summary>
    public required Func<TSample, string> Target { get; init; }
    /// <summary>The prediction in the form that samples.parquet shows beside the target, e.g. the class.</summary>
    public required Func<TPrediction, string> Answer { get; init; }

    /// <summary>Draws test samples with their predictions, the worst first, at most a few dozen pictures; null draws nothing.</summary>
    public Func<IReadOnlyList<TSample>, IReadOnlyList<TPrediction>, IReadOnlyList<Picture>>? Draw { get; init; }

    /// <summary>True when families must not see targets in training either, as in clustering.</summary>
    public bool Unsupervised { get; init; }

    public TResult Accept<TResult>(IBenchmarkVisitor<TResult> visitor) => visitor.Visit(this);
}
