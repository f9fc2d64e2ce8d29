namespace Harness.Statistics;

/// <summary>What a comparison says about the second arm.</summary>
public enum Verdict { Better, Worse, Equivalent, Inconclusive }

/// <summary>Two runs on the same samples: second minus first, oriented as stored (a positive difference is a higher score).</summary>
/// <param name="OnlyFirst">Samples that only the first has right; 0 for other scores.</param>
/// <param name="OnlySecond">Samples that only the second has right; 0 for other scores.</param>
/// <param name="P">Two-sided p-value of "there is no difference".</param>
/// <param name="Interval">95 % interval of the difference.</param>
/// <param name="Equivalence">90 % interval whose lying within the margin means equivalent: two one-sided tests at 5 %.</param>
/// <param name="Margin">The largest difference that does not matter.</param>
public sealed record PairedComparison(int Samples, int OnlyFirst, int OnlySecond, double First, double Second, double P, Interval Interval,
    Interval Equivalence, double Margin)
{
    /// <summary>A bootstrap of fewer resampled units is too narrow to show that two arms are equivalent.</summary>
    const int LeastForEquivalence = 30;

    /// <summary>What is drawn independently: samples, or clusters of them.</summary>
    public int Units { get; init; } = Samples;

    public double Difference => Second - First;

    /// <summary>Right or wrong on every sample: exact McNemar test, Tango's score intervals.</summary>
    /// <param name="margin">0.005 is half a point of accuracy.</param>
    public static PairedComparison OfCorrect(ReadOnlySpan<bool> first, ReadOnlySpan<bool> second, double margin = 0.005)
    {
        Ensure.SameLength(first.Length, second.Length);
        Ensure.AtLeast(2, first.Length, "A comparison");
        Ensure.Margin(margin);
        int onlyFirst = 0, onlySecond = 0, both = 0;
        for (var sample = 0; sample < first.Length; sample++)
        {
            if (first[sample] && second[sample]) both++;
            else if (first[sample]) onlyFirst++;
            else if (second[sample]) onlySecond++;
        }
        double count = first.Length;
        return new(first.Length, onlyFirst, onlySecond, (both + onlyFirst) / count, (both + onlySecond) / count,
            McNemar.Exact(onlyFirst, onlySecond), Proportion.PairedDifference(onlyFirst, onlySecond, first.Length),
            Proportion.PairedDifference(onlyFirst, onlySecond, first.Length, 0.9), margin);
    }

    /// <summary>A score for every sample, such as an overlap: sign-flip test, paired bootstrap BCa intervals of the mean.</summary>
    /// <param name="chance">Seed it from both run hashes, so that the numbers can be recomputed.</param>
    public static PairedComparison OfScores(ReadOnlySpan<double> first, ReadOnlySpan<double> second, Chance chance, double margin,
        int resamples = 9_999)
    {
        Ensure.SameLength(first.Length, second.Length);
        Ensure.AtLeast(2, first.Length, "A comparison");
        Ensure.Margin(margin);
        var differences = new double[first.Length];
        for (var sample = 0; sample < first.Length; sample++) differences[sample] = second[sample] - first[sample];
        var bootstrap = Bootstrap.OfMean(differences, chance, resamples);
        var p = SignFlip.Test(differences, chance, resamples: resamples);
        return new(first.Length, 0, 0, Moments.MeanOf(first), Moments.MeanOf(second), p, bootstrap.Bca(), bootstrap.Bca(0.9), margin);
    }

    /// <summary>
    /// Scores that samples do not have one by one, such as a mean average precision, or samples that are not independent, such as the
    /// words of one speaker: paired bootstrap over clusters, for the p-value too.
    /// </summary>
    /// <param name="cluster">The resampling unit of every sample; the samples' own numbers when they are independent.</param>
    /// <param name="first">The first arm's score of the given samples, as in <see cref="Bootstrap.Of"/>.</param>
    /// <param name="second">The second arm's score of the same samples.</param>
    public static PairedComparison OfStatistic(ReadOnlySpan<int> cluster, Func<ReadOnlySpan<int>, double> first,
        Func<ReadOnlySpan<int>, double> second, Chance chance, double margin, int resamples = 9_999)
    {
        Ensure.Margin(margin);
        var bootstrap = Bootstrap.OfClusters(cluster, drawn => second(drawn) - first(drawn), chance, resamples);
        var all = Enumerable.Range(0, cluster.Length).ToArray();
        return new(cluster.Length, 0, 0, first(all), second(all), bootstrap.P(), bootstrap.Bca(), bootstrap.Bca(0.9), margin)
        { Units = cluster.ToArray().Distinct().Count() };
    }

    /// <summary>
    /// Equivalent when the 90 % interval lies within the margin, however significant the rest; else better or worse when
    /// <paramref name="p"/> (raw, or corrected over a session) is at most <paramref name="alpha"/>; else inconclusive.
    /// </summary>
    public Verdict Judge(Direction direction, double alpha = 0.05, double? p = null)
    {
        if (Units >= LeastForEquivalence && Equivalence.IsWithin(Margin)) return Verdict.Equivalent;
        if ((p ?? P) > alpha || direction == Direction.Neutral || Difference == 0) return Verdict.Inconclusive;
        return Difference > 0 == (direction == Direction.Higher) ? Verdict.Better : Verdict.Worse;
    }
}
