using Harness.Datasets;
using Harness.Torch;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Learning;

/// <summary>
/// Moves and scales points so that all coordinates of the training points lie in 0..1; all axes alike, so that no form changes.
/// </summary>
sealed record PointScale(double Low, double Range, int Dimensions)
{
    /// <exception cref="TrainingFailedException">There are no points, their dimensions differ, or one is not finite.</exception>
    public static (PointScale Scale, PointTable Points) Of(IReadOnlyList<LabeledPoint> training)
    {
        var points = PointTable.ForTraining(training);
        var (low, high) = (points.Values.Min(), points.Values.Max());
        // Where all coordinates are equal there is nothing to scale.
        return (new(low, high > low ? high - low : 1, points.Dimensions), points);
    }

    /// <summary>The same with training points in -1..1.</summary>
    public PointScale Centered() => this with { Low = Low + Range / 2, Range = Range / 2 };

    /// <summary>float32 [points, dimensions].</summary>
    public Tensor Tensor(PointTable points)
    {
        var values = new float[points.Values.Length];
        for (var at = 0; at < values.Length; at++) values[at] = (float)((points.Values[at] - Low) / Range);
        return OwnTensor.Of(values, points.Count, points.Dimensions);
    }
}
