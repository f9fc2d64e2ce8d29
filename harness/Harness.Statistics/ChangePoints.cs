using System.Runtime.Intrinsics;

namespace Harness.Statistics;

/// <summary>A place where a series is different from there on.</summary>
/// <param name="Index">The first observation after the change, as an index of the series that was given.</param>
/// <param name="Statistic">The energy distance Q of the segments before and after.</param>
/// <param name="P">(b + 1)/(B + 1) over permutations, so never 0.</param>
/// <param name="Before">Median of the segment before.</param>
/// <param name="After">Median of the segment after.</param>
public sealed record ChangePoint(int Index, double Statistic, double P, double Before, double After)
{
    /// <summary>Positive when the series rose; whether that is worse is the metric's to say.</summary>
    public double Change => After - Before;
}

/// <summary>When a change counts.</summary>
/// <param name="P">The largest p-value of a change.</param>
/// <param name="WeakP">As <paramref name="P"/>, for candidates of the first pass, whose neighbours are not known yet.</param>
/// <param name="LeastChange">The smallest difference of medians that matters.</param>
/// <param name="Window">The first pass looks at so many observations at once, or a change is hidden by a later one back.</param>
public sealed record ChangePointRules(double P = 0.01, double WeakP = 0.05, double LeastChange = 0, int Window = 50, int Permutations = 199)
{
    /// <summary>Fewer observations are no segment.</summary>
    public const int ShortestSegment = 3;
}

/// <summary>
/// E-divisive change points (Matteson and James 2014) of one series, with Hunter's two passes (Fleming and others 2023) but seeded
/// permutations instead of a t-test: no distribution is assumed, equal inputs give equal answers, and no p-value is 0.
/// </summary>
public static class ChangePoints
{
    /// <summary>
    /// Q = nm/(n + m) · (2·mean|x − y| − mean|x − x′| − mean|y − y′|), the means over pairs of different observations. It grows with
    /// the difference of the two distributions and is near 0, or below, when there is none.
    /// </summary>
    public static double Statistic(ReadOnlySpan<double> before, ReadOnlySpan<double> after)
    {
        Ensure.AtLeast(2, before.Length, "A segment");
        Ensure.AtLeast(2, after.Length, "A segment");
        double[] joined = [.. before, .. after];
        Ensure.Finite(joined);
        return new Splits(joined).All()[before.Length];
    }

    /// <summary>The single most likely change of a series with its p-value, or null when it is too short or does not vary.</summary>
    public static ChangePoint? StrongestOrNull(ReadOnlySpan<double> series, Chance chance, int permutations = 199)
    {
        Ensure.Finite(series);
        Ensure.AtLeast(1, permutations, "A permutation test");
        return Strongest(series, chance, permutations);
    }

    /// <summary>Where <see cref="StrongestOrNull"/> would split a series, without asking whether that is more than chance.</summary>
    public static int? SplitOrNull(ReadOnlySpan<double> series)
    {
        Ensure.Finite(series);
        if (series.Length < 2 * ChangePointRules.ShortestSegment) return null;
        var splits = new Splits(series.ToArray());
        if (splits.Total == 0) return null;
        splits.All();
        return splits.Best();
    }

    /// <summary>All changes, in order. A missing observation is null and stays missing: it is never filled with a neighbour.</summary>
    /// <param name="chance">Seed it from the key and the last run of the series.</param>
    public static IReadOnlyList<ChangePoint> Of(IReadOnlyList<double?> series, Chance chance, ChangePointRules? rules = null)
    {
        rules ??= new();
        Ensure.AtLeast(2 * ChangePointRules.ShortestSegment, rules.Window, "A window of change points");
        Ensure.AtLeast(1, rules.Permutations, "A permutation test");
        int[] places = [.. Enumerable.Range(0, series.Count).Where(index => series[index] is not null)];
        double[] values = [.. places.Select(place => series[place]!.Value)];
        Ensure.Finite(values);
        var found = new Passes(values, chance, rules).Run();
        return [.. found.Select(change => change with { Index = places[change.Index] })];
    }

    static ChangePoint? Strongest(ReadOnlySpan<double> segment, Chance chance, int permutations, double beyond = 1)
    {
        if (segment.Length < 2 * ChangePointRules.ShortestSegment) return null;
        var splits = new Splits(segment.ToArray());
        if (splits.Total == 0) return null;
        splits.All();
        return At(segment, splits.Best(), chance, permutations, beyond);
    }

    /// <summary>A split with its p-value: how often does a shuffled segment have a split that is at least as good?</summary>
    /// <param name="beyond">A larger p-value than this is not worked out: what is given then is larger than this, no more.</param>
    static ChangePoint At(ReadOnlySpan<double> segment, int split, Chance chance, int permutations, double beyond = 1)
    {
        var splits = new Splits(segment.ToArray());
        var statistic = splits.All()[split];
        // The same split of shuffled but equal values must count as equal, however its sums were rounded.
        var atLeast = statistic - 1e-12 * splits.Total;
        var (reached, p) = (0, 1.0 / (permutations + 1.0));
        for (var permutation = 0; permutation < permutations && p <= beyond; permutation++)
            if (splits.BestShuffled(chance) >= atLeast) p = (++reached + 1.0) / (permutations + 1.0);
        return new(split, statistic, p, Quantiles.Median(segment[..split]), Quantiles.Median(segment[split..]));
    }

    /// <summary>The statistic of every split of a segment in one go, moving one observation at a time across the split.</summary>
    sealed class Splits(double[] values)
    {
        readonly double[] _statistics = new double[values.Length + 1];

        /// <summary>Sum of the distances of all pairs.</summary>
        public double Total { get; } = SumOfDistances(values);

        public double[] All()
        {
            double left = 0, right = Total;
            for (var split = 1; split < values.Length; split++)
            {
                var moved = values[split - 1];
                left += Distances(moved, values.AsSpan(0, split - 1));
                right -= Distances(moved, values.AsSpan(split));
                _statistics[split] = Q(split, values.Length - split, left, right, Total - left - right);
            }
            return _statistics;
        }

        public double BestShuffled(Chance chance)
        {
            chance.Shuffle(values.AsSpan());
            return All()[Best()];
        }

        /// <summary>The first split with the largest statistic of <see cref="All"/>, neither segment too short.</summary>
        public int Best()
        {
            var best = ChangePointRules.ShortestSegment;
            for (var split = best; split <= values.Length - ChangePointRules.ShortestSegment; split++)
                if (_statistics[split] > _statistics[best]) best = split;
            return best;
        }

        static double Q(double n, double m, double left, double right, double across)
        {
            if (n < 2 || m < 2) return double.NegativeInfinity;
            return n * m / (n + m) * (2 * across / (n * m) - left / (n * (n - 1) / 2) - right / (m * (m - 1) / 2));
        }

        static double SumOfDistances(double[] values)
        {
            var sum = 0.0;
            for (var one = 0; one < values.Length; one++) sum += Distances(values[one], values.AsSpan(one + 1));
            return sum;
        }

        // Lanes of fixed number, added in a fixed order: the same bits on every processor.
        static double Distances(double from, ReadOnlySpan<double> to)
        {
            var (sums, all, at) = (Vector512<double>.Zero, Vector512.Create(from), 0);
            for (; at + Vector512<double>.Count <= to.Length; at += Vector512<double>.Count)
                sums += Vector512.Abs(all - Vector512.Create(to.Slice(at, Vector512<double>.Count)));
            var sum = 0.0;
            for (var lane = 0; at > 0 && lane < Vector512<double>.Count; lane++) sum += sums[lane];
            for (; at < to.Length; at++) sum += Math.Abs(from - to[at]);
            return sum;
        }
    }

    /// <summary>The two passes: candidates in windows, then the removal of those that do not hold between their neighbours.</summary>
    sealed class Passes(double[] values, Chance chance, ChangePointRules rules)
    {
        readonly SortedSet<int> _found = [];

        public IReadOnlyList<ChangePoint> Run()
        {
            var step = Math.Max(1, rules.Window / 2);
            for (var start = 0; start < values.Length;)
            {
                var last = Divide(start, Math.Min(start + rules.Window, values.Length));
                start = Math.Max(last, start + step);
            }
            return Strong([.. _found]);
        }

        // Splits a stretch at its strongest change, then both sides of it; returns the last change found, or its start.
        int Divide(int start, int end)
        {
            var change = Strongest(values.AsSpan(start, end - start), chance, rules.Permutations, rules.WeakP);
            if (change is null || change.P > rules.WeakP) return start;
            var at = start + change.Index;
            _found.Add(at);
            Divide(start, at);
            return Math.Max(at, Divide(at, end));
        }

        IReadOnlyList<ChangePoint> Strong(List<int> places)
        {
            var changes = places.Select((_, index) => Between(places, index)).ToList();
            while (changes.Count > 0)
            {
                var weakest = changes.IndexOf(changes.MaxBy(change => change.P)!);
                if (changes[weakest].P <= rules.P) weakest = changes.IndexOf(changes.MinBy(change => Math.Abs(change.Change))!);
                if (changes[weakest].P <= rules.P && Math.Abs(changes[weakest].Change) >= rules.LeastChange) break;
                changes.RemoveAt(weakest);
                places.RemoveAt(weakest);
                for (var index = Math.Max(0, weakest - 1); index <= weakest && index < places.Count; index++)
                    changes[index] = Between(places, index);
            }
            return changes;
        }

        // A change between the one before it and the one after it; the test needs no more than a window of each segment.
        ChangePoint Between(List<int> places, int index)
        {
            var (at, start, end) = (places[index], index == 0 ? 0 : places[index - 1], values.Length);
            if (index + 1 < places.Count) end = places[index + 1];
            var (from, to) = (Math.Max(start, at - rules.Window), Math.Min(end, at + rules.Window));
            return At(values.AsSpan(from, to - from), at - from, chance, rules.Permutations) with
            {
                Index = at,
                Before = Quantiles.Median(values.AsSpan(start, at - start)),
                After = Quantiles.Median(values.AsSpan(at, end - at)),
            };
        }
    }
}
