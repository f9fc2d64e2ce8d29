using Suites.Clustering.Partitions;

namespace Suites.Clustering.Neural.PointSets;

/// <summary>One level of abstraction.</summary>
/// <param name="Centers">At most so many.</param>
/// <param name="Radius">Of a group, where all points lie in a square of side 1.</param>
sealed record LevelForm(int Centers, double Radius);

/// <summary>
/// A scatterplot as a network takes it: points in the order of their coordinates, so that no answer depends on the order in which they
/// came, in a square of side 1 about the origin, and their groups on four levels, the last of which is one group of all.
/// </summary>
/// <param name="Points">Canonical, scaled.</param>
/// <param name="Order">Which point each of them was.</param>
/// <param name="Levels">From the finest.</param>
sealed record PointSet(PointTable Points, int[] Order, IReadOnlyList<PointGrouping> Levels)
{
    public static IReadOnlyList<LevelForm> Forms { get; } = [new(128, 0.1), new(48, 0.2), new(16, 0.4), new(1, 2)];

    /// <param name="points">At least one point of two coordinates.</param>
    public static PointSet Of(PointTable points)
    {
        var canonical = CanonicalPoints.Of(points);
        var (scaled, levels) = (Scaled(canonical.Points), new List<PointGrouping>());
        var level = scaled;
        foreach (var form in Forms)
        {
            levels.Add(PointGrouping.Of(level, form.Centers, form.Radius));
            level = level.Of(levels[^1].Centers);
        }
        return new(scaled, canonical.Order, levels);
    }

    /// <summary>What is said of the points here, in the order in which they came.</summary>
    public int[] Restored(int[] clusters) => new CanonicalPoints(Points, Order).Restored(clusters);

    // Both axes alike, so that no form changes.
    static PointTable Scaled(PointTable points)
    {
        var values = (double[])points.Values.Clone();
        var (lows, ranges) = (new double[2], new double[2]);
        for (var axis = 0; axis < 2; axis++)
        {
            double[] own = [.. values.Where((_, at) => at % 2 == axis)];
            (lows[axis], ranges[axis]) = (own.Min(), own.Max() - own.Min());
        }
        // Of equal points there is nothing to scale by.
        var side = ranges.Max() is > 0 and var range ? range : 1;
        for (var at = 0; at < values.Length; at++) values[at] = (values[at] - lows[at % 2] - ranges[at % 2] / 2) / side;
        return points with { Values = values };
    }
}
