using Harness.Statistics;

namespace Harness.Publishing.Boards;

/// <summary>How far the times of a device scatter when nothing changes, from trials that ran several times with one commit.</summary>
/// <param name="Scatter">Median over trials of the coefficient of variation of the median latency.</param>
/// <param name="Trials">How many trials ran often enough.</param>
public sealed record NoiseFloor(double Scatter, int Trials)
{
    const int LeastRuns = 3;

    /// <summary>The relative difference of two means of three runs that is found with 80 % power at a one-sided level of 1 %.</summary>
    public double Detectable => DetectableEffect.Paired(Scatter * Math.Sqrt(2), LeastRuns);

    public static NoiseFloor? OfOrNull(IEnumerable<RunRecord> runs)
    {
        double[] scatters = [.. runs.Where(run => run.State == RunState.Ok).GroupBy(run => (run.TrialId, run.Provenance.Commit))
            .Select(group => group.Select(Latency).OfType<double>().ToArray()).Where(values => values.Length >= LeastRuns)
            .Select(Variation)];
        return scatters.Length == 0 ? null : new NoiseFloor(Quantiles.Median(scatters), scatters.Length);
    }

    static double? Latency(RunRecord run) => run.Metrics.FirstOrDefault(value => value is { Metric: "latency.p50", Value: > 0 })?.Value;

    static double Variation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)) / mean;
    }
}
