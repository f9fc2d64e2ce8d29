using Harness.Datasets;
using Suites.Clustering.Spectra;

namespace Suites.Clustering.Splits;

/// <summary>The direction in which points vary most, and by how much.</summary>
/// <param name="Direction">Of length 1; of the two, the one whose coordinate of largest size is positive.</param>
/// <param name="Variance">Mean squared distance from the mean along it.</param>
sealed record PrincipalAxis(double[] Mean, double[] Direction, double Variance)
{
    public static PrincipalAxis Of(PointTable points, CancellationToken cancellation)
    {
        var mean = Middle(points);
        var pairs = Lanczos.Largest(new Covariance(points, mean), 1, new Chance(1), cancellation);
        var direction = pairs.Vectors[0];
        var sign = Math.Sign(direction.MaxBy(Math.Abs));
        return new(mean, [.. direction.Select(value => sign * value)], Math.Max(0, pairs.Values[0]));
    }

    /// <summary>How far along the axis a point lies, from the mean.</summary>
    public double Along(ReadOnlySpan<double> point)
    {
        var sum = 0.0;
        for (var axis = 0; axis < Mean.Length; axis++) sum += (point[axis] - Mean[axis]) * Direction[axis];
        return sum;
    }

    public static double[] Middle(PointTable points)
    {
        var mean = new double[points.Dimensions];
        for (var point = 0; point < points.Count; point++)
            for (var axis = 0; axis < mean.Length; axis++) mean[axis] += points[point][axis] / points.Count;
        return mean;
    }

    sealed class Covariance(PointTable points, double[] mean) : IOperator
    {
        public int Size => points.Dimensions;

        public void Apply(ReadOnlySpan<double> vector, Span<double> image)
        {
            var shift = Subspace.Dot(mean, vector);
            image.Clear();
            for (var point = 0; point < points.Count; point++)
            {
                var along = (Subspace.Dot(points[point], vector) - shift) / points.Count;
                for (var axis = 0; axis < image.Length; axis++) image[axis] += along * (points[point][axis] - mean[axis]);
            }
        }
    }
}
