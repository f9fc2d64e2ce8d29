namespace Harness.Testing;

/// <summary>Everything a computation shows of itself, as text: two configurations that differ nowhere compute the same.</summary>
sealed record Evidence(string Predictions, string Footprint, string Counts, string Curve)
{
    public static Evidence Of<TSample, TPrediction>(Prepared<TSample, TPrediction> prepared, IReadOnlyList<TSample> samples) => new(
        CanonicalJson.Write(prepared.Model.Predict(samples)), $"{prepared.Model.Footprint}",
        string.Join('\n', prepared.Model.Count(samples).Layers), CurveOf(prepared.Curve));

    /// <summary>The first part in which the two differ, or null.</summary>
    public string? DifferenceOrNull(Evidence other) =>
        Predictions != other.Predictions ? "predictions"
        : Footprint != other.Footprint ? "footprint"
        : Counts != other.Counts ? "operation counts"
        : Curve != other.Curve ? "training curve"
        : null;

    // Seconds are left out: they differ between any two runs.
    static string CurveOf(IEnumerable<TrainingPoint> points) =>
        string.Join('\n', points.Select(point => $"{point.Epoch} {point.Loss:R} {point.Validation:R}"));
}
