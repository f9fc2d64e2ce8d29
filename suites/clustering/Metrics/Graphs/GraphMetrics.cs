using Harness.Datasets;
using Suites.Clustering.Graphs;

namespace Suites.Clustering.Metrics.Graphs;

/// <summary>Normalized mutual information of the groups of nodes, a mean over graphs.</summary>
public sealed record GraphMutualInformation : IMetric<WeightedGraph, GraphPartition>
{
    public MetricCard Card { get; } = new("graph-normalized-mutual-information", 1, "Normalized mutual information of nodes", "1",
        Direction.Higher)
    {
        Definition = "Mutual information of groups of nodes and reference communities over the arithmetic mean of their entropies; the "
            + "mean over graphs. Not corrected for chance: many small groups raise it. Its interval resamples graphs.",
        Source = "Dyballa et al., ICLR 2024; Strehl and Ghosh, Journal of Machine Learning Research 3, 2002",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<WeightedGraph, GraphPartition> Begin() => GraphTally.Of(new NormalizedMutualInformation().Of);
}

/// <summary>Adjusted Rand index of the groups of nodes, a mean over graphs.</summary>
public sealed record GraphRandIndex : IMetric<WeightedGraph, GraphPartition>
{
    public MetricCard Card { get; } = new("graph-adjusted-rand-index", 1, "Adjusted Rand index of nodes", "1", Direction.Higher)
    {
        Definition = "Agreement of groups of nodes with the reference over all pairs of nodes, corrected for chance; the mean over graphs. "
            + "Its interval resamples graphs.",
        Source = "Hubert and Arabie: Comparing partitions, Journal of Classification 2, 1985",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<WeightedGraph, GraphPartition> Begin() => GraphTally.Of(AdjustedRandIndex.Of);
}

/// <summary>How many groups of nodes were found, beside those of the reference.</summary>
public sealed record ExcessGroups : IMetric<WeightedGraph, GraphPartition>
{
    public MetricCard Card { get; } = new("graph-excess-groups", 1, "Groups found more than there are", "1", Direction.Neutral)
    {
        Definition = "Groups of nodes that were found, less the communities of the reference; the mean over graphs, so that too many and "
            + "too few may cancel.",
    };

    public ITally<WeightedGraph, GraphPartition> Begin() =>
        GraphTally.Of(static table => table.Predictions.Count - table.References.Count);
}

static class GraphTally
{
    /// <summary>The mean over graphs of the score of a partition.</summary>
    public static ITally<WeightedGraph, GraphPartition> Of(Func<Contingency, double> score) =>
        Tally.Mean<WeightedGraph, GraphPartition>((graph, partition) =>
            score(Contingency.Of(graph.Communities, partition.Groups, "nodes")));
}
