using Harness.Datasets;
using MathNet.Numerics.Interpolation;

namespace Suites.Clustering.Biclusters;

/// <summary>
/// What a group that has no neurons yet follows: drawn without looking at counts, as Wei (2024) does, each axis of mean 0.
/// </summary>
static class FreshTrajectory
{
    const double Persistence = 0.95, Noise = 0.1, Height = 0.2;

    /// <summary>A process of first order with noise 0.1 a bin, or a smooth curve through 10 to 35 values within 0.2.</summary>
    public static Trajectory Draw(int axes, int bins, bool smooth, Chance chance)
    {
        var trajectory = new Trajectory(axes, bins);
        for (var axis = 0; axis < axes; axis++)
        {
            var values = trajectory[axis][..bins];
            if (smooth) Curve(values, chance);
            else trajectory.Before[axis] = Process(values, chance);
            var mean = 0.0;
            foreach (var value in values) mean += value / bins;
            for (var bin = 0; bin < bins; bin++) values[bin] -= mean;
            trajectory.Before[axis] -= mean;
        }
        return trajectory;
    }

    static double Process(Span<double> values, Chance chance)
    {
        var before = Noise / Math.Sqrt(1 - Persistence * Persistence) * chance.Normal();
        var last = before;
        for (var bin = 0; bin < values.Length; bin++) values[bin] = last = Persistence * last + Noise * chance.Normal();
        return before;
    }

    static void Curve(Span<double> values, Chance chance)
    {
        var knots = 10 + chance.Below(26);
        double[] places = [.. Enumerable.Range(0, knots).Select(knot => (double)knot / (knots - 1))];
        var spline = CubicSpline.InterpolateNaturalSorted(places, [.. places.Select(_ => Height * (2 * chance.Unit() - 1))]);
        for (var bin = 0; bin < values.Length; bin++) values[bin] = spline.Interpolate(bin / Math.Max(1.0, values.Length - 1));
    }
}
