using Harness.Datasets;

namespace Suites.Clustering.Centers;

/// <summary>
/// The seeding of k-means++ (Arthur and Vassilvitskii 2007): the first centre is a point drawn uniformly, each further one a point
/// drawn with probability D(x)² / Σ D(x)², where D is the distance to the nearest centre so far.
/// </summary>
static class PlusPlus
{
    /// <summary>Centres that are all different: fewer than <paramref name="count"/> where there are fewer different points.</summary>
    public static PointTable Draw(PointTable points, int count, Chance chance)
    {
        var chosen = new List<int>(count) { chance.Below(points.Count) };
        var distances = new double[points.Count];
        Array.Fill(distances, double.PositiveInfinity);
        while (true)
        {
            var total = Approach(points, points[chosen[^1]], distances);
            if (chosen.Count == count || total == 0) break;
            chosen.Add(Pick(distances, total * chance.Unit()));
        }
        return new([.. chosen.SelectMany(index => points[index].ToArray())], chosen.Count, points.Dimensions);
    }

    // Distances to the nearest centre after one more was chosen; returns their sum.
    static double Approach(PointTable points, ReadOnlySpan<double> center, double[] distances)
    {
        var total = 0.0;
        for (var i = 0; i < points.Count; i++)
        {
            distances[i] = Math.Min(distances[i], Nearest.Squared(center, points[i]));
            total += distances[i];
        }
        return double.IsFinite(total) ? total : throw Overflow();
    }

    // The first point at which the running sum passes the draw. Rounding may leave the draw beyond the sum: then the last that could be.
    static int Pick(double[] distances, double draw)
    {
        var (sum, last) = (0.0, 0);
        for (var i = 0; i < distances.Length; i++)
        {
            if (distances[i] == 0) continue;
            last = i;
            sum += distances[i];
            if (sum > draw) break;
        }
        return last;
    }

    public static TrainingFailedException Overflow() =>
        new("Squared distances between the points are beyond the range of double precision; scale the coordinates to below 1e150.");
}
