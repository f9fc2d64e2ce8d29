using Harness.Datasets;

namespace Suites.Clustering;

/// <summary>The points of a scatterplot in a unit of their own.</summary>
static class StandardPlot
{
    /// <summary>Mean 0 and mean variance 1: what a plot shows depends neither on its unit nor on its origin.</summary>
    /// <exception cref="HarnessException">The plot has no points, one is not finite, or has other than two coordinates.</exception>
    public static PointTable Of(string name, IReadOnlyList<double[]> plot)
    {
        var points = PointTable.ForPrediction([.. plot.Select(point => new LabeledPoint(point, -1))], 2);
        if (points.Count == 0) throw new HarnessException($"The plot {name} has no points; give at least one.");
        var values = points.Values.ToArray();
        var center = new[] { values.Where((_, at) => at % 2 == 0).Average(), values.Where((_, at) => at % 2 == 1).Average() };
        for (var at = 0; at < values.Length; at++) values[at] -= center[at % 2];
        var scale = Math.Sqrt(values.Sum(value => value * value) / values.Length);
        return points with { Values = scale == 0 ? values : Array.ConvertAll(values, value => value / scale) };
    }
}
