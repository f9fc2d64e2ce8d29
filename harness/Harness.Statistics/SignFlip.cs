using System.Numerics;
using System.Runtime.CompilerServices;

namespace Harness.Statistics;

/// <summary>Which departures from zero count against the hypothesis.</summary>
public enum Alternative { TwoSided, Greater, Less }

/// <summary>
/// Fisher's sign-flip test of paired differences: under the hypothesis each difference is as likely with the other sign. The
/// statistic is the sum. All 2^n flips count for small n; else random ones with p = (b + 1)/(B + 1), which is never 0.
/// </summary>
public static class SignFlip
{
    const int MostExact = 40;
    const int MostExactInterval = 18;

    /// <param name="chance">Draws flips when more than 40 differences are not zero; below that the p-value is exact.</param>
    public static double Test(ReadOnlySpan<double> differences, Chance chance, Alternative alternative = Alternative.TwoSided,
        int resamples = 9_999)
    {
        Ensure.AtLeast(1, differences.Length, "A sign-flip test");
        Ensure.AtLeast(1, resamples, "A random sign-flip test");
        Ensure.Finite(differences);
        // A zero flipped is the same zero.
        double[] moving = [.. differences.ToArray().Where(difference => difference != 0)];
        var sum = moving.Sum();
        // Sums of the same numbers in another order differ by rounding; equal flips must count as equal.
        var tolerance = 1e-12 * moving.Sum(Math.Abs);
        var atLeast = alternative switch
        {
            Alternative.Greater => sum,
            Alternative.Less => -sum,
            _ => Math.Abs(sum),
        } - tolerance;
        var eitherSide = alternative == Alternative.TwoSided;
        if (moving.Length > MostExact) return Sampled(moving, atLeast, eitherSide, chance, resamples);
        return Math.Min(1, (eitherSide ? 2 : 1) * Share(moving, atLeast));
    }

    /// <summary>
    /// Interval for the typical difference by inverting the test: its ends are order statistics of the means of all non-empty
    /// subsets (Hartigan 1969), of random subsets when there are more than 18 differences. With few pairs no interval reaches the
    /// level; then the widest is given with the level it has.
    /// </summary>
    public static Interval Interval(ReadOnlySpan<double> differences, Chance chance, double level = 0.95, int resamples = 9_999)
    {
        Ensure.Level(level);
        Ensure.AtLeast(2, differences.Length, "A sign-flip interval");
        Ensure.AtLeast(2, resamples, "A random sign-flip interval");
        Ensure.Finite(differences);
        var means = differences.Length <= MostExactInterval ? AllMeans(differences) : RandomMeans(differences, chance, resamples);
        Array.Sort(means);
        // Between neighbouring subset means lies an equal part of confidence, as outside of all of them on either side.
        var cells = means.Length + 1.0;
        var outside = Math.Max(1, (int)Math.Floor((1 - level) / 2 * cells + 1e-9));
        return new(means[outside - 1], means[^outside], 1 - 2 * outside / cells);
    }

    // Share of all flips whose sum is at least a bound: the sums of either half, sorted, are matched against each other.
    static double Share(ReadOnlySpan<double> values, double atLeast)
    {
        var (first, second) = (Sums(values[..(values.Length / 2)]), Sums(values[(values.Length / 2)..]));
        Array.Sort(first);
        Array.Sort(second);
        long reached = 0;
        var place = second.Length;
        foreach (var sum in first)
        {
            while (place > 0 && sum + second[place - 1] >= atLeast) place--;
            reached += second.Length - place;
        }
        return (double)reached / ((double)first.Length * second.Length);
    }

    static double[] Sums(ReadOnlySpan<double> values)
    {
        var sums = new double[1 << values.Length];
        foreach (var value in values) sums[0] += value;
        for (var flips = 1; flips < sums.Length; flips++)
            sums[flips] = sums[flips & (flips - 1)] - 2 * values[BitOperations.TrailingZeroCount(flips)];
        return sums;
    }

    static double Sampled(ReadOnlySpan<double> values, double atLeast, bool eitherSide, Chance chance, int resamples)
    {
        var extreme = 0;
        for (var resample = 0; resample < resamples; resample++)
        {
            var sum = 0.0;
            for (var first = 0; first < values.Length; first += 64)
                sum += Flipped(values[first..Math.Min(first + 64, values.Length)], chance.Next());
            if ((eitherSide ? Math.Abs(sum) : sum) >= atLeast) extreme++;
        }
        return (extreme + 1.0) / (resamples + 1.0);
    }

    // Without a branch, which would be mispredicted every other time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static double Flipped(ReadOnlySpan<double> values, ulong flips)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(value) ^ (flips << 63));
            flips >>= 1;
        }
        return sum;
    }

    static double[] AllMeans(ReadOnlySpan<double> values)
    {
        var sums = new double[1 << values.Length];
        var means = new double[sums.Length - 1];
        for (var subset = 1; subset < sums.Length; subset++)
        {
            sums[subset] = sums[subset & (subset - 1)] + values[BitOperations.TrailingZeroCount(subset)];
            means[subset - 1] = sums[subset] / BitOperations.PopCount((uint)subset);
        }
        return means;
    }

    static double[] RandomMeans(ReadOnlySpan<double> values, Chance chance, int resamples)
    {
        var means = new double[resamples];
        for (var resample = 0; resample < resamples;)
        {
            double sum = 0, count = 0;
            ulong bits = 0;
            for (var index = 0; index < values.Length; index++, bits >>= 1)
            {
                if (index % 64 == 0) bits = chance.Next();
                if ((bits & 1) == 1) { sum += values[index]; count++; }
            }
            if (count > 0) means[resample++] = sum / count;
        }
        return means;
    }
}
