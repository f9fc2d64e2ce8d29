using MathNet.Numerics.Distributions;

namespace Harness.Statistics;

/// <summary>
/// The bootstrap (Efron 1979) of any statistic over samples. A statistic takes sample indices, with repetitions, so that scores
/// that do not decompose (adjusted Rand index, mean average precision) and paired differences are resampled alike.
/// </summary>
/// <param name="Estimate">The statistic of the samples themselves.</param>
/// <param name="Replicates">The statistic of every resample, ascending.</param>
/// <param name="Acceleration">BCa's a, from the jackknife over resampling units.</param>
public sealed record Bootstrap(double Estimate, IReadOnlyList<double> Replicates, double Acceleration)
{
    /// <summary>More units than this are left out in this many groups by the jackknife, which needs one evaluation per group.</summary>
    const int MostJackknifeGroups = 1000;

    public double StandardError => Moments.Of([.. Replicates]).StandardDeviation;

    /// <summary>Resamples single samples.</summary>
    /// <param name="samples">How many samples there are; indices run from 0.</param>
    public static Bootstrap Of(int samples, Func<ReadOnlySpan<int>, double> statistic, Chance chance, int resamples = 9_999) =>
        OfClusters([.. Enumerable.Range(0, samples).Select(sample => new[] { sample })], statistic, chance, resamples);

    /// <summary>Resamples whole clusters, such as speakers or images, whose samples are not independent.</summary>
    /// <param name="cluster">The cluster of every sample, any labels.</param>
    public static Bootstrap OfClusters(ReadOnlySpan<int> cluster, Func<ReadOnlySpan<int>, double> statistic, Chance chance, int resamples = 9_999)
    {
        var units = cluster.ToArray().Select((label, sample) => (label, sample)).GroupBy(entry => entry.label).OrderBy(group => group.Key)
            .Select(group => group.Select(entry => entry.sample).ToArray()).ToArray();
        return OfClusters(units, statistic, chance, resamples);
    }

    /// <summary>Percentile interval: simple, a little too narrow for small samples.</summary>
    public Interval Percentile(double level = 0.95)
    {
        Ensure.Level(level);
        return At((1 - level) / 2, (1 + level) / 2, level);
    }

    /// <summary>Bias-corrected and accelerated interval (Efron 1987).</summary>
    public Interval Bca(double level = 0.95)
    {
        Ensure.Level(level);
        var below = Replicates.Count(value => value < Estimate);
        var tied = Replicates.Count(value => value == Estimate);
        double count = Replicates.Count;
        if (tied == Replicates.Count) return new(Estimate, Estimate, level);
        // Half a replicate keeps the correction finite when all of them lie on one side of the estimate.
        var bias = Quantiles.Normal(Math.Clamp((below + tied / 2.0) / count, 0.5 / count, 1 - 0.5 / count));
        return At(Adjusted(bias, (1 - level) / 2), Adjusted(bias, (1 + level) / 2), level);
    }

    double Adjusted(double bias, double share)
    {
        var z = bias + Quantiles.Normal(share);
        return Normal.CDF(0, 1, bias + z / (1 - Acceleration * z));
    }

    Interval At(double low, double high, double level)
    {
        var sorted = Replicates as double[] ?? [.. Replicates];
        return new(Quantiles.OfSorted(sorted, low), Quantiles.OfSorted(sorted, high), level);
    }

    static Bootstrap OfClusters(int[][] units, Func<ReadOnlySpan<int>, double> statistic, Chance chance, int resamples)
    {
        Ensure.AtLeast(2, units.Length, "A bootstrap");
        Ensure.AtLeast(2, resamples, "A bootstrap's resampling");
        var all = units.SelectMany(unit => unit).ToArray();
        var drawn = new int[units.Max(unit => unit.Length) * units.Length];
        var replicates = new double[resamples];
        for (var replicate = 0; replicate < resamples; replicate++)
        {
            var count = 0;
            for (var draw = 0; draw < units.Length; draw++) count = Add(drawn, count, units[chance.Below(units.Length)]);
            replicates[replicate] = statistic(drawn.AsSpan(0, count));
        }
        Ensure.Finite(replicates);
        Array.Sort(replicates);
        return new(statistic(all), replicates, AccelerationOf(units, statistic));
    }

    static double AccelerationOf(int[][] units, Func<ReadOnlySpan<int>, double> statistic)
    {
        var groups = Math.Min(units.Length, MostJackknifeGroups);
        var without = new double[groups];
        var kept = new int[units.Sum(unit => unit.Length)];
        for (var group = 0; group < groups; group++)
        {
            var count = 0;
            for (var unit = 0; unit < units.Length; unit++)
                if (unit % groups != group) count = Add(kept, count, units[unit]);
            without[group] = statistic(kept.AsSpan(0, count));
        }
        var mean = Moments.MeanOf(without);
        double squares = 0, cubes = 0;
        foreach (var value in without)
        {
            squares += Math.Pow(mean - value, 2);
            cubes += Math.Pow(mean - value, 3);
        }
        return squares == 0 ? 0 : cubes / (6 * Math.Pow(squares, 1.5));
    }

    static int Add(int[] indices, int count, int[] unit)
    {
        foreach (var sample in unit) indices[count++] = sample;
        return count;
    }
}
