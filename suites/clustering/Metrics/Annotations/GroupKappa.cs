using Suites.Clustering.Annotations;

namespace Suites.Clustering.Metrics.Annotations;

/// <summary>Agreement of a partition with a group of annotators, corrected for chance; the mean over plots.</summary>
public sealed record GroupKappa : IMetric<AnnotatedPlot, PlotPartition>
{
    public MetricCard Card { get; } = new("group-kappa", 1, "Kappa with the group of annotators", "1", Direction.Higher)
    {
        Definition = "Two points are together or apart. Of all pairs of points: (observed agreement - agreement by chance) / (1 - "
            + "agreement by chance), where the group's say on a pair is the share of its annotators. It is 1 only where all annotators are "
            + "of one mind. Of a plot that is one cluster, or all single points, to everybody: 1. The mean over plots; its interval "
            + "resamples plots.",
        Source = "Vanbelle and Albert: Agreement between two independent groups of raters, Psychometrika 74, 2009, with a group of one; "
            + "that it is taken of pairs of points is this harness's choice",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<AnnotatedPlot, PlotPartition> Begin() => Tally.Mean<AnnotatedPlot, PlotPartition>(Of);

    static double Of(AnnotatedPlot plot, PlotPartition partition)
    {
        Contingency[] tables = [.. plot.Annotations.Select(labels => Contingency.Of(labels, partition.Clusters, "points"))];
        double pairs = Contingency.Pairs(tables[0].Points);
        if (pairs == 0) return 1;
        var together = Pairs(tables[0].Predictions.Values) / pairs;
        var inGroup = tables.Average(table => Pairs(table.References.Values)) / pairs;
        var both = tables.Average(table => Pairs(table.Cells.Values)) / pairs;
        var (observed, chance) = (1 - together - inGroup + 2 * both, together * inGroup + (1 - together) * (1 - inGroup));
        return chance == 1 ? 1 : (observed - chance) / (1 - chance);
    }

    static double Pairs(IEnumerable<long> counts) => counts.Sum(Contingency.Pairs);
}
