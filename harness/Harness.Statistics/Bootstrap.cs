namespace Harness.Statistics;

/// <summary>
/// The bootstrap (Efron 1979) of any statistic over samples. A statistic takes sample indices, with repetitions, so that scores
/// that do not decompose (adjusted Rand index, mean average precision) and paired differences are resampled alike.
/// </summary>
public sealed class Bootstrap
{
    readonly double[] _replicates;

    Bootstrap(double estimate, double[] replicates, double acceleration)
    {
        Ensure.AtLeast(2, replicates.Length, "A bootstrap's resampling");
        Ensure.Finite([estimate, acceleration]);
        Ensure.Finite(replicates);
        Array.Sort(replicates);
        (Estimate, _replicates, Acceleration) = (estimate, replicates, acceleration);
    }

    /// <summary>The statistic of the samples themselves.</summary>
    public double Estimate { get; }

    /// <summary>The statistic of every resample, ascending.</summary>
    public IReadOnlyList<double> Replicates => _replicates;

    /// <summary>BCa's a, from the jackknife over resampling units.</summary>
    public double Acceleration { get; }

    public double StandardError => Moments.Of(_replicates).StandardDeviation;

    /// <summary>Resamples single samples.</summary>
    /// <param name="samples">How many samples there are; indices run from 0.</param>
    /// <param name="statistic">Is also called with all samples in order, and with some left out; must be finite every time.</param>
    public static Bootstrap Of(int samples, Func<ReadOnlySpan<int>, double> statistic, Chance chance, int resamples = 9_999) =>
        new Resampling([.. Enumerable.Range(0, samples + 1)], [.. Enumerable.Range(0, samples)]).Run(statistic, chance, resamples);

    /// <summary>Resamples whole clusters, such as speakers or images, whose samples are not independent.</summary>
    /// <param name="cluster">The cluster of every sample, any labels.</param>
    /// <param name="statistic">As in <see cref="Of"/>.</param>
    public static Bootstrap OfClusters(ReadOnlySpan<int> cluster, Func<ReadOnlySpan<int>, double> statistic, Chance chance,
        int resamples = 9_999)
    {
        var labels = cluster.ToArray();
        var units = Enumerable.Range(0, labels.Length).GroupBy(sample => labels[sample]).OrderBy(unit => unit.Key).ToList();
        int[] starts = [0, .. units.Select(unit => unit.Count())];
        for (var unit = 1; unit < starts.Length; unit++) starts[unit] += starts[unit - 1];
        return new Resampling(starts, [.. units.SelectMany(unit => unit)]).Run(statistic, chance, resamples);
    }

    /// <summary>
    /// The mean of one value per sample, e.g. right or wrong, or a paired difference: the same as <see cref="Of"/> with that
    /// statistic and generator, without its calls, and with an exact jackknife.
    /// </summary>
    public static Bootstrap OfMean(ReadOnlySpan<double> values, Chance chance, int resamples = 9_999)
    {
        Ensure.AtLeast(2, values.Length, "A bootstrap");
        Ensure.Finite(values);
        var mean = Moments.MeanOf(values);
        var replicates = new double[resamples];
        for (var replicate = 0; replicate < resamples; replicate++) replicates[replicate] = chance.SumOfDraws(values) / values.Length;
        double squares = 0, cubes = 0;
        foreach (var value in values)
        {
            squares += (value - mean) * (value - mean);
            cubes += (value - mean) * (value - mean) * (value - mean);
        }
        return new(mean, replicates, squares == 0 ? 0 : cubes / (6 * Math.Pow(squares, 1.5)));
    }

    /// <summary>A bootstrap whose resampling was done elsewhere.</summary>
    public static Bootstrap OfReplicates(double estimate, ReadOnlySpan<double> replicates, double acceleration = 0) =>
        new(estimate, replicates.ToArray(), acceleration);

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
        double count = _replicates.Length;
        var (below, upTo) = Around(Estimate);
        if (upTo - below == _replicates.Length) return new(Estimate, Estimate, level);
        // Half a replicate keeps the correction finite when all of them lie on one side of the estimate.
        var bias = Probability.NormalQuantile(Math.Clamp((below + upTo) / 2.0 / count, 0.5 / count, 1 - 0.5 / count));
        return At(Adjusted(bias, (1 - level) / 2), Adjusted(bias, (1 + level) / 2), level);
    }

    /// <summary>
    /// Two-sided p-value of "the statistic is <paramref name="hypothesis"/>", by inverting the percentile interval: twice the smaller
    /// (b + 1)/(B + 1), so never 0. For statistics that no exact test fits.
    /// </summary>
    public double P(double hypothesis = 0)
    {
        var (below, upTo) = Around(hypothesis);
        return Math.Min(1, 2 * (Math.Min(upTo, _replicates.Length - below) + 1.0) / (_replicates.Length + 1.0));
    }

    // How many replicates are smaller than a value, and how many are at most that.
    (int Below, int UpTo) Around(double value)
    {
        int below = 0, upTo = 0;
        foreach (var replicate in _replicates)
        {
            if (replicate < value) below++;
            if (replicate <= value) upTo++;
        }
        return (below, upTo);
    }

    double Adjusted(double bias, double share)
    {
        var z = bias + Probability.NormalQuantile(share);
        var shrink = 1 - Acceleration * z;
        // Beyond its pole the formula would turn round.
        if (shrink <= 0) return z > 0 ? 1 : 0;
        return Probability.Normal(bias + z / shrink);
    }

    Interval At(double low, double high, double level) =>
        new(Quantiles.OfSorted(_replicates, low), Quantiles.OfSorted(_replicates, high), level);

    /// <summary>Units that are drawn whole: unit u holds the samples from starts[u] up to starts[u + 1].</summary>
    sealed class Resampling(int[] starts, int[] samples)
    {
        /// <summary>More units than this are left out in this many groups by the jackknife, which needs one call for each.</summary>
        const int MostJackknifeGroups = 1000;

        readonly int _units = starts.Length - 1;

        public Bootstrap Run(Func<ReadOnlySpan<int>, double> statistic, Chance chance, int resamples)
        {
            Ensure.AtLeast(2, _units, "A bootstrap");
            var largest = Enumerable.Range(0, _units).Max(unit => starts[unit + 1] - starts[unit]);
            var drawn = new int[checked(largest * _units)];
            var replicates = new double[resamples];
            for (var replicate = 0; replicate < resamples; replicate++)
            {
                var count = 0;
                for (var draw = 0; draw < _units; draw++) count = Add(drawn, count, chance.Below(_units));
                replicates[replicate] = statistic(drawn.AsSpan(0, count));
            }
            var all = samples.ToArray();
            Array.Sort(all);
            return new(statistic(all), replicates, Acceleration(statistic, chance));
        }

        double Acceleration(Func<ReadOnlySpan<int>, double> statistic, Chance chance)
        {
            var without = new double[Math.Min(_units, MostJackknifeGroups)];
            int[] groups = [.. Enumerable.Range(0, _units).Select(unit => unit % without.Length)];
            // A regular order of the samples must not show in groups of several.
            if (_units > without.Length) chance.Shuffle(groups.AsSpan());
            var kept = new int[samples.Length];
            for (var group = 0; group < without.Length; group++)
            {
                var count = 0;
                for (var unit = 0; unit < _units; unit++)
                    if (groups[unit] != group) count = Add(kept, count, unit);
                without[group] = statistic(kept.AsSpan(0, count));
            }
            var mean = Moments.MeanOf(without);
            double squares = 0, cubes = 0;
            foreach (var value in without)
            {
                squares += (mean - value) * (mean - value);
                cubes += (mean - value) * (mean - value) * (mean - value);
            }
            return squares == 0 ? 0 : cubes / (6 * Math.Pow(squares, 1.5));
        }

        int Add(int[] indices, int count, int unit)
        {
            for (var place = starts[unit]; place < starts[unit + 1]; place++) indices[count++] = samples[place];
            return count;
        }
    }
}
