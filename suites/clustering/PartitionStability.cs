using Harness.Datasets;
using Suites.Clustering.Metrics;

namespace Suites.Clustering;

/// <summary>
/// How alike the partitions are that a family gives to the same points when something changes that should not matter: the mean adjusted
/// Rand index over all pairs of runs, of the points that both have seen. A family may be stable and wrong; no label is looked at.
/// </summary>
/// <param name="points">Labels are withheld from the family.</param>
/// <param name="runs">At least two.</param>
sealed class PartitionStability(IModelFamily<LabeledPoint, ClusterPrediction> family, IReadOnlyList<LabeledPoint> points, int runs,
    CancellationToken cancellation)
{
    const double Share = 0.8;

    readonly LabeledPoint[] _points = [.. points.Select(point => point with { Label = -1, OtherLabels = default })];

    /// <summary>Seeds 1, 2, ...; the points in their order.</summary>
    public double OverSeeds() => Agreement(run => (Everything(), run + 1));

    /// <summary>Orders of the points by chance; seed 1.</summary>
    public double OverOrders() => Agreement(run => (Shuffled(run), 1));

    /// <summary>Four fifths of the points by chance, in their order; seed 1.</summary>
    public double OverSubsamples() => Agreement(run =>
    {
        int[] chosen = Shuffled(run)[..Math.Max(1, (int)(Share * _points.Length))];
        Array.Sort(chosen);
        return (chosen, 1);
    });

    double Agreement(Func<int, (int[] Places, int Seed)> draw)
    {
        Dictionary<int, int>[] partitions = [.. Enumerable.Range(0, runs).Select(draw).Select(run => Clusters(run.Places, run.Seed))];
        var scores = from one in Enumerable.Range(0, runs) from other in Enumerable.Range(one + 1, runs - one - 1)
                     select Score(partitions[one], partitions[other]);
        return scores.Average();
    }

    // The cluster of each place that was seen.
    Dictionary<int, int> Clusters(int[] places, int seed)
    {
        LabeledPoint[] seen = [.. places.Select(place => _points[place])];
        using var model = family.Prepare(new(seen, seen),
            new(seed, 1, new("."), TimeProvider.System, new Progress<TrainingPoint>(), cancellation));
        return places.Zip(model.Predict(seen)).ToDictionary(pair => pair.First, pair => pair.Second.Cluster);
    }

    static double Score(Dictionary<int, int> one, Dictionary<int, int> other)
    {
        var table = new Contingency();
        foreach (var (place, cluster) in one)
            if (other.TryGetValue(place, out var found)) table.Add(cluster, found);
        return AdjustedRandIndex.Of(table);
    }

    int[] Everything() => [.. Enumerable.Range(0, _points.Length)];

    int[] Shuffled(int run)
    {
        var order = Everything();
        new Chance((ulong)run + 1).Shuffle(order.AsSpan());
        return order;
    }
}
