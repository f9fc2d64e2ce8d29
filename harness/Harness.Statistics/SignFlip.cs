namespace Harness.Statistics;

/// <summary>Which departures from zero count against the hypothesis.</summary>
public enum Alternative { TwoSided, Greater, Less }

/// <summary>
/// Fisher's sign-flip test of paired differences: under the hypothesis each difference is as likely with the other sign. The
/// statistic is the sum. All 2^n flips are counted for small n; else random ones with p = (b + 1)/(B + 1), which is never 0.
/// </summary>
public static class SignFlip
{
    const int MostExact = 20;

    /// <param name="chance">Draws flips when there are more than 20 differences.</param>
    public static double Test(ReadOnlySpan<double> differences, Chance chance, Alternative alternative = Alternative.TwoSided, int resamples = 9_999)
    {
        Ensure.AtLeast(1, differences.Length, "A sign-flip test");
        Ensure.Finite(differences);
        var observed = Extremity(Sum(differences, 0), alternative);
        // Sums of the same numbers in another order differ by rounding; equal flips must count as equal.
        var tolerance = 1e-12 * SumOfSizes(differences);
        return differences.Length <= MostExact
            ? Exact(differences, observed - tolerance, alternative)
            : Sampled(differences, observed - tolerance, alternative, chance, resamples);
    }

    /// <summary>
    /// Interval for the typical difference by inverting the test: its ends are order statistics of the means of all non-empty
    /// subsets (Hartigan 1969). With few pairs no interval reaches the level; then the widest is given with the level it has.
    /// </summary>
    public static Interval Interval(ReadOnlySpan<double> differences, double level = 0.95)
    {
        Ensure.Level(level);
        Ensure.AtLeast(2, differences.Length, "A sign-flip interval");
        Ensure.Finite(differences);
        if (differences.Length > MostExact) throw new ArgumentException($"The exact interval is for at most {MostExact} pairs; use HodgesLehmann.Interval.", nameof(differences));
        var means = SubsetMeans(differences);
        Array.Sort(means);
        // Between neighbouring subset means lies 1/2^n of confidence, as outside of all of them on either side.
        var cells = means.Length + 1.0;
        var outside = Math.Max(1, (int)Math.Floor((1 - level) / 2 * cells + 1e-9));
        return new(means[outside - 1], means[^outside], 1 - 2 * outside / cells);
    }

    static double Exact(ReadOnlySpan<double> differences, double threshold, Alternative alternative)
    {
        var flips = 1 << differences.Length;
        var extreme = 0;
        for (var flip = 0; flip < flips; flip++)
            if (Extremity(Sum(differences, (ulong)flip), alternative) >= threshold) extreme++;
        return (double)extreme / flips;
    }

    static double Sampled(ReadOnlySpan<double> differences, double threshold, Alternative alternative, Chance chance, int resamples)
    {
        var extreme = 0;
        for (var resample = 0; resample < resamples; resample++)
        {
            var sum = 0.0;
            for (var first = 0; first < differences.Length; first += 64)
                sum += Sum(differences[first..Math.Min(first + 64, differences.Length)], chance.Next());
            if (Extremity(sum, alternative) >= threshold) extreme++;
        }
        return (extreme + 1.0) / (resamples + 1.0);
    }

    static double[] SubsetMeans(ReadOnlySpan<double> differences)
    {
        var means = new double[(1 << differences.Length) - 1];
        for (var subset = 1; subset <= means.Length; subset++)
        {
            double sum = 0, count = 0;
            for (var index = 0; index < differences.Length; index++)
                if ((subset >> index & 1) == 1) { sum += differences[index]; count++; }
            means[subset - 1] = sum / count;
        }
        return means;
    }

    static double Extremity(double sum, Alternative alternative) => alternative switch
    {
        Alternative.Greater => sum,
        Alternative.Less => -sum,
        _ => Math.Abs(sum),
    };

    static double Sum(ReadOnlySpan<double> differences, ulong flip)
    {
        var sum = 0.0;
        for (var index = 0; index < differences.Length; index++) sum += (flip >> index & 1) == 1 ? -differences[index] : differences[index];
        return sum;
    }

    static double SumOfSizes(ReadOnlySpan<double> differences)
    {
        var sum = 0.0;
        foreach (var difference in differences) sum += Math.Abs(difference);
        return sum;
    }
}
