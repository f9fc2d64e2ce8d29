namespace Suites.Clustering.Ambiguity;

/// <summary>
/// Where a curve bends: the first local maximum of its distance above the straight line from which it then falls far enough (Satopää,
/// Albrecht, Irwin and Raghavan: Finding a "kneedle" in a haystack, ICDCS workshops 2011), offline form.
/// </summary>
static class Kneedle
{
    /// <param name="heights">At equal distances, falling and convex on the whole; at least two.</param>
    /// <param name="sensitivity">S: by how many mean steps along the axis the distance must fall.</param>
    /// <returns>The place of the knee; null where there is none.</returns>
    public static int? OfFallingConvexOrNull(IReadOnlyList<double> heights, double sensitivity)
    {
        var (low, high, last) = (heights.Min(), heights.Max(), heights.Count - 1);
        if (high <= low) return null;
        double[] above = [.. heights.Select((height, at) => (high - height) / (high - low) - (double)at / last)];
        var (knee, threshold) = (-1, 0.0);
        for (var at = 0; at < last; at++)
        {
            if (IsExtreme(above, at, 1)) (knee, threshold) = (at, above[at] - sensitivity / last);
            if (knee >= 0 && IsExtreme(above, at, -1)) threshold = 0;
            if (knee >= 0 && above[at + 1] < threshold) return knee;
        }
        return null;
    }

    // No neighbour is higher (sign 1) or lower (-1); an end has one neighbour.
    static bool IsExtreme(double[] values, int at, int sign) =>
        sign * values[at] >= sign * values[Math.Max(0, at - 1)] && sign * values[at] >= sign * values[Math.Min(values.Length - 1, at + 1)];
}
