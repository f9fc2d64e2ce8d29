namespace Harness.Statistics;

/// <summary>What a comparison says about the second arm.</summary>
public enum Verdict { Better, Worse, Equivalent, Inconclusive }

/// <summary>Two runs on the same samples: second minus first, oriented as stored (a positive difference is a higher score).</summary>
/// <param name="OnlyFirst">Samples that only the first has right; 0 for real-valued scores.</param>
/// <param name="P">Two-sided: exact McNemar for right/wrong, sign-flip for real-valued scores.</param>
/// <param name="Interval">Paired bootstrap BCa interval of the mean difference.</param>
/// <param name="Equivalence">90 % interval whose lying within the margin means equivalent: two one-sided tests at 5 %.</param>
public sealed record PairedComparison(int Samples, int OnlyFirst, int OnlySecond, double First, double Second, double P, Interval Interval,
    Interval Equivalence, double Margin)
{
    public double Difference => Second - First;

    /// <param name="margin">The largest difference that does not matter; 0.005 is half a point of accuracy.</param>
    /// <param name="chance">Seed it from both run hashes, so that the interval can be recomputed.</param>
    public static PairedComparison OfCorrect(ReadOnlySpan<bool> first, ReadOnlySpan<bool> second, Chance chance, double margin = 0.005, int resamples = 9_999)
    {
        Ensure.SameLength(first.Length, second.Length);
        Ensure.AtLeast(2, first.Length, "A comparison");
        int onlyFirst = 0, onlySecond = 0, both = 0;
        for (var sample = 0; sample < first.Length; sample++)
        {
            if (first[sample] && second[sample]) both++;
            else if (first[sample]) onlyFirst++;
            else if (second[sample]) onlySecond++;
        }
        var differences = Differences(first, second);
        var bootstrap = BootstrapOf(differences, chance, resamples);
        double count = first.Length;
        return new(first.Length, onlyFirst, onlySecond, (both + onlyFirst) / count, (both + onlySecond) / count, McNemar.Exact(onlyFirst, onlySecond),
            bootstrap.Bca(), bootstrap.Bca(0.9), margin);
    }

    /// <summary>As <see cref="OfCorrect"/>, for a score per sample such as an overlap.</summary>
    public static PairedComparison OfScores(ReadOnlySpan<double> first, ReadOnlySpan<double> second, Chance chance, double margin, int resamples = 9_999)
    {
        Ensure.SameLength(first.Length, second.Length);
        Ensure.AtLeast(2, first.Length, "A comparison");
        var differences = new double[first.Length];
        for (var sample = 0; sample < first.Length; sample++) differences[sample] = second[sample] - first[sample];
        var bootstrap = BootstrapOf(differences, chance, resamples);
        return new(first.Length, 0, 0, Moments.MeanOf(first), Moments.MeanOf(second), SignFlip.Test(differences, chance, resamples: resamples),
            bootstrap.Bca(), bootstrap.Bca(0.9), margin);
    }

    /// <summary>
    /// Equivalent when the 90 % interval lies within the margin, however significant the rest; else better or worse when
    /// <paramref name="p"/> (raw, or corrected over a session) is at most <paramref name="alpha"/>; else inconclusive.
    /// </summary>
    public Verdict Judge(Abstractions.Direction direction, double alpha = 0.05, double? p = null)
    {
        if (Equivalence.IsWithin(Margin)) return Verdict.Equivalent;
        if ((p ?? P) > alpha || direction == Abstractions.Direction.Neutral) return Verdict.Inconclusive;
        return Difference > 0 == (direction == Abstractions.Direction.Higher) ? Verdict.Better : Verdict.Worse;
    }

    static Bootstrap BootstrapOf(double[] differences, Chance chance, int resamples) => Bootstrap.Of(differences.Length, drawn =>
    {
        var sum = 0.0;
        foreach (var sample in drawn) sum += differences[sample];
        return sum / drawn.Length;
    }, chance, resamples);

    static double[] Differences(ReadOnlySpan<bool> first, ReadOnlySpan<bool> second)
    {
        var differences = new double[first.Length];
        for (var sample = 0; sample < first.Length; sample++) differences[sample] = (second[sample] ? 1 : 0) - (first[sample] ? 1 : 0);
        return differences;
    }
}
