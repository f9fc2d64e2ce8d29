using Harness.Torch;
using Suites.Fisbe.Learning;

namespace Suites.Fisbe.Segmentation;

/// <summary>
/// A mixture of Gaussians in the plane, fitted by expectation maximisation; how many is decided by the Bayesian information criterion.
/// </summary>
sealed class GaussianMixture
{
    const int Steps = 60;
    const int Starts = 3; // a start may end in a poor optimum
    const double Enough = 1e-4;
    // Photon noise spreads one colour by about 0.045 of the chromaticity; chosen on validation volumes (of 2.5e-5 to 4e-3).
    const double LeastVariance = 2e-3;

    readonly Component[] _components;

    sealed record Component(double Weight, double X, double Y, double Xx, double Xy, double Yy)
    {
        readonly double _determinant = Xx * Yy - Xy * Xy;

        public double LogDensity(double x, double y)
        {
            var (dx, dy) = (x - X, y - Y);
            var distance = (Yy * dx * dx - 2 * Xy * dx * dy + Xx * dy * dy) / _determinant;
            return Math.Log(Weight) - Math.Log(2 * Math.PI) - 0.5 * Math.Log(_determinant) - 0.5 * distance;
        }
    }

    GaussianMixture(Component[] components, double likelihood) => (_components, Likelihood) = (components, likelihood);

    public int Count => _components.Length;

    /// <summary>Mean log-likelihood of a point.</summary>
    double Likelihood { get; }

    /// <summary>The component that a point most likely comes from.</summary>
    public int Of(double x, double y)
    {
        var best = 0;
        for (var index = 1; index < _components.Length; index++)
            if (_components[index].LogDensity(x, y) > _components[best].LogDensity(x, y)) best = index;
        return best;
    }

    /// <summary>The mixture of 1 to <paramref name="most"/> components with the smallest criterion.</summary>
    public static GaussianMixture Fit((double X, double Y)[] points, int most, SampleOrder chance)
    {
        var fits = Enumerable.Range(1, Math.Min(most, points.Length)).SelectMany(count =>
            Enumerable.Range(0, count == 1 ? 1 : Starts).Select(_ => Fit(points, Start(points, count, chance))));
        // Five free numbers and a weight for each component; weights sum to one.
        return fits.MinBy(fit => (6 * fit.Count - 1) * Math.Log(points.Length) - 2 * points.Length * fit.Likelihood)!;
    }

    static GaussianMixture Fit((double X, double Y)[] points, Component[] components)
    {
        var before = double.NegativeInfinity;
        for (var step = 0; ; step++)
        {
            var (shares, likelihood) = Expect(points, components);
            if (step == Steps || likelihood - before < Enough) return new(components, likelihood);
            before = likelihood;
            components = [.. shares.Select(share => Maximise(points, share)).OfType<Component>()];
        }
    }

    static (double[][] Shares, double Likelihood) Expect((double X, double Y)[] points, Component[] components)
    {
        var shares = components.Select(_ => new double[points.Length]).ToArray();
        var (sum, logs) = (0.0, new double[components.Length]);
        for (var point = 0; point < points.Length; point++)
        {
            for (var index = 0; index < components.Length; index++) logs[index] = components[index].LogDensity(points[point].X,
                points[point].Y);
            var largest = logs.Max();
            var total = largest + Math.Log(logs.Sum(log => Math.Exp(log - largest)));
            for (var index = 0; index < components.Length; index++) shares[index][point] = Math.Exp(logs[index] - total);
            sum += total;
        }
        return (shares, sum / points.Length);
    }

    // Null for a component that has lost its points.
    static Component? Maximise((double X, double Y)[] points, double[] shares)
    {
        double weight = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
        for (var point = 0; point < points.Length; point++)
        {
            var (share, at) = (shares[point], points[point]);
            weight += share;
            (x, y) = (x + share * at.X, y + share * at.Y);
            (xx, xy, yy) = (xx + share * at.X * at.X, xy + share * at.X * at.Y, yy + share * at.Y * at.Y);
        }
        if (weight < 1) return null;
        (x, y) = (x / weight, y / weight);
        return new(weight / points.Length, x, y, xx / weight - x * x + LeastVariance, xy / weight - x * y, yy / weight - y * y
            + LeastVariance);
    }

    // Centres far from each other (Arthur and Vassilvitskii 2007); each component begins with the points that are nearest to its centre.
    static Component[] Start((double X, double Y)[] points, int count, SampleOrder chance)
    {
        var first = points[chance.Below(points.Length)];
        var (nearest, distances) = (new int[points.Length], points.Select(point => Squared(point, first)).ToArray());
        for (var centre = 1; centre < count; centre++)
        {
            var left = chance.Unit() * distances.Sum();
            var next = 0;
            while (next < points.Length - 1 && (left -= distances[next]) > 0) next++;
            for (var point = 0; point < points.Length; point++)
                if (Squared(points[point], points[next]) is var distance && distance < distances[point])
                    (nearest[point], distances[point]) = (centre, distance);
        }
        return [.. Enumerable.Range(0, count).Select(centre =>
            Maximise(points, [.. nearest.Select(index => index == centre ? 1.0 : 0.0)])).OfType<Component>()];
    }

    static double Squared((double X, double Y) one, (double X, double Y) other) =>
        (one.X - other.X) * (one.X - other.X) + (one.Y - other.Y) * (one.Y - other.Y);
}
