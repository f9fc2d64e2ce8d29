namespace Harness.Statistics;

/// <summary>Intervals for a share of successes among independent trials, and for the difference of two shares of the same trials.</summary>
public static class Proportion
{
    /// <summary>Wilson's score interval (1927): near-nominal coverage, never outside 0..1, and not empty at 0 or n successes.</summary>
    public static Interval Wilson(int successes, int trials, double level = 0.95)
    {
        Check(successes, trials, level);
        var z = Probability.NormalQuantile(0.5 + level / 2);
        double n = trials, p = successes / n, z2 = z * z;
        var center = (p + z2 / (2 * n)) / (1 + z2 / n);
        var half = z / (1 + z2 / n) * Math.Sqrt(p * (1 - p) / n + z2 / (4 * n * n));
        return new(successes == 0 ? 0 : center - half, successes == trials ? 1 : center + half, level);
    }

    /// <summary>Clopper and Pearson's interval (1934) from the exact binomial distribution: coverage is never below the level.</summary>
    public static Interval Exact(int successes, int trials, double level = 0.95)
    {
        Check(successes, trials, level);
        var tail = (1 - level) / 2;
        var low = successes == 0 ? 0 : Probability.BetaQuantile(successes, trials - successes + 1.0, tail);
        var high = successes == trials ? 1 : Probability.BetaQuantile(successes + 1.0, trials - successes, 1 - tail);
        return new(low, high, level);
    }

    /// <summary>
    /// Tango's score interval (1998) for the second share minus the first, both of the same trials. Unlike a bootstrap it is not
    /// empty when no trial tells the two apart: ten equal answers are no proof of equality.
    /// </summary>
    /// <param name="onlyFirst">Trials in which only the first succeeded.</param>
    /// <param name="onlySecond">Trials in which only the second succeeded.</param>
    public static Interval PairedDifference(int onlyFirst, int onlySecond, int trials, double level = 0.95)
    {
        Ensure.Level(level);
        if (trials < 1 || onlyFirst < 0 || onlySecond < 0 || (long)onlyFirst + onlySecond > trials)
            throw new ArgumentOutOfRangeException(nameof(trials),
                $"{onlyFirst} and {onlySecond} that differ do not fit in {trials} trials.");
        var z = Probability.NormalQuantile(0.5 + level / 2);
        var difference = (onlySecond - onlyFirst) / (double)trials;
        return new(Bound(onlySecond, onlyFirst, trials, -1, difference, z), Bound(onlySecond, onlyFirst, trials, 1, difference, z), level);
    }

    // The difference between the estimate and an end of −1..1 at which the score statistic reaches z; the statistic falls monotonely.
    static double Bound(double gains, double losses, double n, double end, double difference, double z)
    {
        var (inside, outside) = (difference, end);
        if (Math.Abs(Score(gains, losses, n, end)) <= z) return end;
        while (Math.Abs(outside - inside) > 1e-15)
        {
            var middle = (inside + outside) / 2;
            if (middle == inside || middle == outside) break;
            if (Math.Abs(Score(gains, losses, n, middle)) <= z) inside = middle; else outside = middle;
        }
        return inside;
    }

    // Tango's statistic; the share of losses is estimated under the hypothesis that the difference is what it is said to be.
    static double Score(double gains, double losses, double n, double difference)
    {
        var b = (2 * n + losses - gains) * difference - gains - losses;
        var c = -losses * difference * (1 - difference);
        var share = (Math.Sqrt(Math.Max(0, b * b - 8 * n * c)) - b) / (4 * n);
        var variance = n * (2 * share + difference * (1 - difference));
        var miss = gains - losses - n * difference;
        if (variance <= 0) return miss == 0 ? 0 : double.PositiveInfinity * Math.Sign(miss);
        return miss / Math.Sqrt(variance);
    }

    static void Check(int successes, int trials, double level)
    {
        Ensure.Level(level);
        if (trials < 1 || successes < 0 || successes > trials)
            throw new ArgumentOutOfRangeException(nameof(successes), $"{successes} successes in {trials} trials is no proportion.");
    }
}
