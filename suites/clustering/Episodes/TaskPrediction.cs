namespace Suites.Clustering.Episodes;

/// <summary>The class of each query of a task, 0..classes-1.</summary>
public sealed record TaskPrediction(IReadOnlyList<int> Classes);
