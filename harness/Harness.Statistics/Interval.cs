using System.Runtime.InteropServices;

namespace Harness.Statistics;

/// <summary>A confidence interval. <paramref name="Level"/> is the coverage it has or was made for, e.g. 0.95.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Interval(double Low, double High, double Level)
{
    public bool Contains(double value) => Low <= value && value <= High;

    /// <summary>True when every value of the interval is nearer to zero than the margin.</summary>
    public bool IsWithin(double margin) => -margin < Low && High < margin;
}

/// <summary>Checks that arguments of statistics have a meaning.</summary>
static class Ensure
{
    public static void Level(double level)
    {
        if (level is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "A level lies strictly between 0 and 1, e.g. 0.95.");
    }

    public static void Share(double share)
    {
        if (share is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share lies between 0 and 1, e.g. 0.5 for the median.");
    }

    public static void Margin(double margin)
    {
        if (!(margin > 0 && double.IsFinite(margin)))
            throw new ArgumentOutOfRangeException(nameof(margin), margin,
                "A margin, the largest difference that does not matter, is positive.");
    }

    public static void Probabilities(ReadOnlySpan<double> p)
    {
        foreach (var value in p)
            if (value is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(p), value, "A p-value lies between 0 and 1.");
    }

    public static void AtLeast(int least, int count, string what)
    {
        if (count < least) throw new ArgumentException($"{what} needs at least {least} values, but {count} were given.", nameof(count));
    }

    public static void Finite(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
            if (!double.IsFinite(value))
                throw new ArgumentException($"{value} is no observation: leave failed runs out and count them.", nameof(values));
    }

    public static void SameLength(int first, int second)
    {
        if (first != second) throw new ArgumentException($"Paired values are needed, but there are {first} and {second}.", nameof(second));
    }
}
