using Suites.Clustering.Metrics;
using Suites.Clustering.Trees;

namespace Suites.Clustering.Biclusters;

/// <summary>How often two items were together in the partitions that were drawn, and the partition that agrees best with them.</summary>
sealed class PosteriorSimilarity(int items)
{
    /// <summary>Partitions that are remembered as candidates.</summary>
    const int Most = 200;

    readonly int[] _together = new int[items * (items - 1) / 2];
    readonly List<int[]> _drawn = [];
    int _every = 1;

    public int Draws { get; private set; }

    /// <param name="labels">One for each item.</param>
    public void Add(ReadOnlySpan<int> labels)
    {
        for (var (one, at) = (1, 0); one < items; one++)
            for (var other = 0; other < one; other++, at++)
                if (labels[one] == labels[other]) _together[at]++;
        // Evenly spread over all draws: where there are too many, every second one is forgotten.
        if (Draws++ % _every == 0) _drawn.Add(labels.ToArray());
        if (_drawn.Count <= Most) return;
        var kept = _drawn.Where((_, at) => at % 2 == 0).ToArray();
        _drawn.Clear();
        _drawn.AddRange(kept);
        _every *= 2;
    }

    /// <summary>Share of draws in which both are together.</summary>
    public double this[int one, int other] => one == other ? 1
        : (double)_together[Math.Max(one, other) * (Math.Max(one, other) - 1) / 2 + Math.Min(one, other)] / Draws;

    /// <summary>Mean over pairs of the entropy of being together, in bits.</summary>
    public double Entropy() => _together.Length == 0 ? 0 : _together.Average(count => (double)count / Draws is > 0 and < 1 and var share
        ? -share * Math.Log2(share) - (1 - share) * Math.Log2(1 - share)
        : 0);

    /// <summary>
    /// The partition of the largest expected adjusted Rand index (Fritsch and Ickstadt 2009) among those that were drawn and those of
    /// average and complete linkage of 1 - similarity with at most <paramref name="most"/> clusters.
    /// </summary>
    public int[] Best(int most, CancellationToken cancellation)
    {
        if (items == 1) return [0];
        var all = _together.Sum(count => (double)count) / Draws;
        return Cuts(average: true, most, cancellation).Concat(Cuts(average: false, most, cancellation)).Concat(_drawn)
            .MaxBy(labels => ExpectedRand(labels, all))!;
    }

    /// <summary>
    /// The expected adjusted Rand index of a partition with one of the draws, by expectations of numerator and denominator.
    /// </summary>
    public double ExpectedRand(int[] labels) => ExpectedRand(labels, _together.Sum(count => (double)count) / Draws);

    double ExpectedRand(int[] labels, double all)
    {
        var both = 0.0;
        for (var (one, at) = (1, 0); one < items; one++)
            for (var other = 0; other < one; other++, at++)
                if (labels[one] == labels[other]) both += _together[at];
        both /= Draws;
        double own = labels.CountBy(label => label).Sum(cluster => Contingency.Pairs(cluster.Value));
        var expected = own * all / Contingency.Pairs(items);
        var most = 0.5 * (own + all);
        return most == expected ? 1 : (both - expected) / (most - expected);
    }

    IEnumerable<int[]> Cuts(bool average, int most, CancellationToken cancellation)
    {
        double[] distances = [.. _together.Select(count => 1 - (double)count / Draws)];
        var merges = new MatrixChain(distances, items, average, threads: 1).Merges(cancellation);
        return Enumerable.Range(1, Math.Min(most, items)).Select(clusters => Dendrogram.Cut(merges, clusters));
    }
}
