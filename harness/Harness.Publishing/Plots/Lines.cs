namespace Harness.Publishing.Plots;

/// <summary>Paths through points.</summary>
static class Lines
{
    public static string Path(IEnumerable<(double X, double Y)> points) =>
        string.Concat(points.Select((point, i) => $"{(i == 0 ? 'M' : 'L')}{Axis.Place(point.X)} {Axis.Place(point.Y)}"));

    /// <summary>Horizontal to the next point, then up: an empirical distribution function.</summary>
    public static string Steps(IEnumerable<(double X, double Y)> points) =>
        string.Concat(points.Select((point, i) => i == 0 ? $"M{Axis.Place(point.X)} {Axis.Place(point.Y)}"
            : $"H{Axis.Place(point.X)}V{Axis.Place(point.Y)}"));

    /// <summary>At most <paramref name="most"/> of the points, evenly spread, first and last among them.</summary>
    public static IEnumerable<T> Thin<T>(IReadOnlyList<T> points, int most) => points.Count <= most ? points
        : Enumerable.Range(0, most).Select(i => points[(int)((long)i * (points.Count - 1) / (most - 1))]);
}
