using System.Runtime.InteropServices;
using Harness.Datasets;

namespace Suites.Clustering.Metrics;

/// <summary>How many points lie in each reference cluster and predicted cluster together: all that a partition metric needs.</summary>
sealed class Contingency
{
    readonly Dictionary<(int Reference, int Predicted), long> _cells = [];

    public long Points { get; private set; }

    /// <summary>Points in each pair of clusters that share any.</summary>
    public IReadOnlyDictionary<(int Reference, int Predicted), long> Cells => _cells;

    /// <summary>Points in each reference cluster.</summary>
    public Dictionary<int, long> References => Margin(cell => cell.Reference);

    /// <summary>Points in each predicted cluster; those predicted as noise (-1) count as one cluster.</summary>
    public Dictionary<int, long> Predictions => Margin(cell => cell.Predicted);

    /// <param name="items">What has a label, as errors call it.</param>
    /// <exception cref="HarnessException">There is not one predicted label for each.</exception>
    public static Contingency Of(IReadOnlyList<int> references, IReadOnlyList<int> predicted, string items)
    {
        if (references.Count != predicted.Count)
            throw new HarnessException($"A prediction has {predicted.Count} labels for {references.Count} {items}; it must have one for "
                + "each.");
        var table = new Contingency();
        for (var at = 0; at < references.Count; at++) table.Add(references[at], predicted[at]);
        return table;
    }

    public void Add(int reference, int predicted)
    {
        Points++;
        CollectionsMarshal.GetValueRefOrAddDefault(_cells, (reference, predicted), out _)++;
    }

    /// <summary>How many pairs so many points form.</summary>
    public static long Pairs(long count) => count * (count - 1) / 2;

    Dictionary<int, long> Margin(Func<(int Reference, int Predicted), int> cluster)
    {
        var margin = new Dictionary<int, long>();
        foreach (var (cell, count) in _cells) CollectionsMarshal.GetValueRefOrAddDefault(margin, cluster(cell), out _) += count;
        return margin;
    }
}

/// <summary>
/// The score against every reference labeling of a set, of which the best counts: they are equally right. Points that a labeling calls
/// noise have no cluster to be found and are left out of it; predicted as noise, a point lies in a cluster like any other.
/// </summary>
/// <param name="score">Higher is better; not asked for a labeling without points.</param>
sealed class PartitionTally(Func<Contingency, double> score) : ITally<LabeledPoint, ClusterPrediction>
{
    readonly List<Contingency> _tables = [new()];

    public void Add(LabeledPoint sample, ClusterPrediction prediction)
    {
        Add(0, sample.Label, prediction);
        var others = sample.OtherLabels.Span;
        for (var k = 0; k < others.Length; k++) Add(k + 1, others[k], prediction);
    }

    /// <summary>NaN when there are no points: nothing has no partition.</summary>
    public double Total() => _tables.Where(table => table.Points > 0).Select(score).DefaultIfEmpty(double.NaN).Max();

    void Add(int labeling, int label, ClusterPrediction prediction)
    {
        while (_tables.Count <= labeling) _tables.Add(new());
        if (label != LabeledPoint.Noise) _tables[labeling].Add(label, prediction.Cluster);
    }
}
