namespace Harness.Agent.Running;

/// <summary>A trial whose names have become objects: a dataset and a configured family of the benchmark's kind.</summary>
/// <param name="Dataset">An <see cref="IDataset{TSample}"/> of <paramref name="Benchmark"/>.</param>
/// <param name="Family">An <see cref="IModelFamily{TSample, TPrediction}"/>, all hyper-parameters set.</param>
public sealed record ResolvedTrial(IBenchmark Benchmark, object Dataset, object Family);
