using Harness.Datasets;

namespace Suites.Clustering;

/// <summary>Points in one block of memory, axes [point, dimension], every coordinate finite.</summary>
sealed record PointTable(double[] Values, int Count, int Dimensions)
{
    public ReadOnlySpan<double> this[int index] => Values.AsSpan(index * Dimensions, Dimensions);

    /// <summary>Some of the points, in this order.</summary>
    public PointTable Of(IReadOnlyList<int> points)
    {
        var values = new double[points.Count * Dimensions];
        for (var i = 0; i < points.Count; i++) this[points[i]].CopyTo(values.AsSpan(i * Dimensions));
        return new(values, points.Count, Dimensions);
    }

    /// <summary>A copy with axes [dimension, point], so that a vector holds one coordinate of several points.</summary>
    public double[] Axes()
    {
        var axes = new double[Values.Length];
        for (var i = 0; i < Count; i++)
            for (var axis = 0; axis < Dimensions; axis++) axes[axis * Count + i] = Values[i * Dimensions + axis];
        return axes;
    }

    /// <summary>How many different points there are.</summary>
    public int Different() => Enumerable.Range(0, Count).Select(index => new PointKey(this, index)).Distinct().Count();

    /// <summary>As families take them, without labels.</summary>
    public LabeledPoint[] Samples() => [.. Enumerable.Range(0, Count).Select(at => new LabeledPoint(this[at].ToArray(), -1))];

    /// <exception cref="TrainingFailedException">There are fewer different points than <paramref name="clusters"/>.</exception>
    public void RequireDifferent(int clusters)
    {
        var different = Different();
        if (different < clusters)
            throw new TrainingFailedException($"clusters is {clusters}, but there are only {different} different points; "
                + $"allowed is 1..{different}.");
    }

    /// <summary>What would take more memory or hours than anybody has is refused before it begins.</summary>
    /// <param name="because">What is done for how much, e.g. <c>Ward's linkage looks at every pair</c>.</param>
    /// <param name="remedy">A sentence.</param>
    /// <exception cref="TrainingFailedException">There are more points than <paramref name="most"/>.</exception>
    public void RequireAtMost(int most, string because, string remedy)
    {
        if (Count > most)
            throw new TrainingFailedException($"{because}, and {Count} points are too many; allowed is 1..{most}. {remedy}");
    }

    /// <exception cref="TrainingFailedException">There is no point, a coordinate is not finite, or the dimensions differ.</exception>
    public static PointTable ForTraining(IReadOnlyList<LabeledPoint> points)
    {
        if (points.Count == 0) throw new TrainingFailedException("There are no points to cluster; give at least one.");
        var dimensions = points[0].Coordinates.Length;
        if (dimensions == 0) throw new TrainingFailedException("Training point 0 has no coordinates; give at least one.");
        return ProblemOrNull(points, dimensions) is { } problem
            ? throw new TrainingFailedException($"Training {problem}")
            : Of(points, dimensions);
    }

    /// <exception cref="HarnessException">A coordinate is not finite, or a point has another dimension than the model.</exception>
    public static PointTable ForPrediction(IReadOnlyList<LabeledPoint> points, int dimensions) =>
        ProblemOrNull(points, dimensions) is { } problem ? throw new HarnessException($"Test {problem}") : Of(points, dimensions);

    static PointTable Of(IReadOnlyList<LabeledPoint> points, int dimensions)
    {
        var values = new double[points.Count * dimensions];
        for (var i = 0; i < points.Count; i++) points[i].Coordinates.Span.CopyTo(values.AsSpan(i * dimensions));
        return new(values, points.Count, dimensions);
    }

    static string? ProblemOrNull(IReadOnlyList<LabeledPoint> points, int dimensions)
    {
        for (var i = 0; i < points.Count; i++)
        {
            var point = points[i].Coordinates.Span;
            if (point.Length != dimensions)
                return $"point {i} has {point.Length} coordinates where the others have {dimensions}; all points of a set have the same.";
            for (var axis = 0; axis < dimensions; axis++)
                if (!double.IsFinite(point[axis]))
                    return $"point {i} is {point[axis]} on axis {axis}; coordinates must be finite: drop or impute it before clustering.";
        }
        return null;
    }
}

/// <summary>A point that equals another when all coordinates do.</summary>
readonly struct PointKey(PointTable table, int index) : IEquatable<PointKey>
{
    ReadOnlySpan<double> Values => table[index];

    public bool Equals(PointKey other) => Values.SequenceEqual(other.Values);

    public override bool Equals(object? obj) => obj is PointKey other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        // Adding 0 makes one of the two zeros, which are equal.
        foreach (var value in Values) hash.Add(value + 0.0);
        return hash.ToHashCode();
    }
}
