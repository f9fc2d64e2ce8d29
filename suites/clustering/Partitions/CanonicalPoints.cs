namespace Suites.Clustering.Partitions;

/// <summary>Points in the order of their coordinates, so that nothing depends on the order in which they came.</summary>
/// <param name="Order">Which point each of them was.</param>
sealed record CanonicalPoints(PointTable Points, int[] Order)
{
    public static CanonicalPoints Of(PointTable points)
    {
        var order = Enumerable.Range(0, points.Count).ToArray();
        Array.Sort(order, (one, other) => points[one].SequenceCompareTo(points[other]));
        return new(points.Of(order), order);
    }

    /// <summary>Each coordinate with mean 0 and variance 1; one that is the same everywhere is 0.</summary>
    public PointTable Standardized()
    {
        var values = (double[])Points.Values.Clone();
        for (var axis = 0; axis < Points.Dimensions; axis++)
        {
            var places = Enumerable.Range(0, Points.Count).Select(point => point * Points.Dimensions + axis).ToArray();
            var mean = places.Average(place => values[place]);
            foreach (var place in places) values[place] -= mean;
            var deviation = Math.Sqrt(places.Average(place => values[place] * values[place]));
            foreach (var place in places) values[place] = deviation > 1e-12 * Math.Abs(mean) ? values[place] / deviation : 0;
        }
        return Points with { Values = values };
    }

    /// <summary>What is said of the points here, in the order in which they came.</summary>
    public int[] Restored(int[] clusters)
    {
        var restored = new int[clusters.Length];
        for (var at = 0; at < clusters.Length; at++) restored[Order[at]] = clusters[at];
        return restored;
    }
}
