namespace Suites.Clustering.Graphs;

/// <summary>The group of each node, 0 or more; numbers are names.</summary>
public sealed record GraphPartition(IReadOnlyList<int> Groups);
