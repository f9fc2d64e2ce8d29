using Suites.Clustering.Annotations;

namespace Suites.Clustering.Metrics.Annotations;

/// <summary>Mean adjusted Rand index with each annotator, a mean over plots.</summary>
public sealed record AnnotatorRandIndex : IMetric<AnnotatedPlot, PlotPartition>
{
    public MetricCard Card { get; } = new("annotator-adjusted-rand-index", 1, "Adjusted Rand index with annotators", "1", Direction.Higher)
    {
        Definition = "Agreement with an annotator over all pairs of points, corrected for chance; the mean over annotators, then over "
            + "plots. Where annotators disagree, nothing reaches 1. Its interval resamples plots.",
        Source = "Hubert and Arabie: Comparing partitions, Journal of Classification 2, 1985",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<AnnotatedPlot, PlotPartition> Begin() => Tally.Mean<AnnotatedPlot, PlotPartition>((plot, partition) =>
        plot.Annotations.Average(labels => AdjustedRandIndex.Of(Contingency.Of(labels, partition.Clusters, "points"))));
}
