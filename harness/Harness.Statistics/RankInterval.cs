using System.Runtime.InteropServices;

namespace Harness.Statistics;

/// <summary>The places that a system may really hold in a ranking; 1 is the best.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RankInterval(int Best, int Worst)
{
    /// <summary>
    /// From tests of every pair: a place is lost to every system that is significantly better, and sure against every one that is
    /// significantly worse. With Holm's correction all intervals hold together with confidence 1 − α (Mogstad, Romano, Shaikh and
    /// Wilhelm 2024).
    /// </summary>
    /// <param name="scores">One score for each system; says which one of a differing pair is the better.</param>
    /// <param name="p">Two-sided p-value for two systems, by their indices, the smaller first; uncorrected.</param>
    public static IReadOnlyList<RankInterval> OfTests(IReadOnlyList<double> scores, Func<int, int, double> p, Direction direction,
        double alpha = 0.05)
    {
        Ensure.Level(alpha);
        Ensure.Finite([.. scores]);
        var sign = Sign(direction);
        var adjusted = Pairs.Of(scores.Count, p).Adjusted();
        return Of(scores.Count, (one, other) => sign * (scores[one] - scores[other]) > 0 && adjusted.Between(one, other) <= alpha);
    }

    /// <summary>
    /// From an interval for each system, e.g. of an energy estimate: one is surely better than another when their intervals do not
    /// overlap. For confidence intervals the places hold together only as far as the intervals do.
    /// </summary>
    public static IReadOnlyList<RankInterval> OfIntervals(IReadOnlyList<Interval> intervals, Direction direction)
    {
        var sign = Sign(direction);
        return Of(intervals.Count, (one, other) => sign > 0
            ? intervals[one].Low > intervals[other].High
            : intervals[one].High < intervals[other].Low);
    }

    static IReadOnlyList<RankInterval> Of(int count, Func<int, int, bool> better)
    {
        var systems = Enumerable.Range(0, count).ToArray();
        return [.. systems.Select(system => new RankInterval(1 + systems.Count(other => other != system && better(other, system)),
            count - systems.Count(other => other != system && better(system, other))))];
    }

    static int Sign(Direction direction) => direction switch
    {
        Direction.Higher => 1,
        Direction.Lower => -1,
        _ => throw new ArgumentException("A neutral metric has no best, so it ranks nothing.", nameof(direction)),
    };
}
