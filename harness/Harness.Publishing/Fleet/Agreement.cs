using Harness.Statistics;

namespace Harness.Publishing.Fleet;

/// <summary>How far runs of one family on one device gave the answers of the reference (docs/drivers.md).</summary>
/// <param name="Lowest">Share of samples with the same answer, in the run where it is lowest.</param>
/// <param name="Divergence">Largest difference of a number of a prediction; null where predictions hold none.</param>
/// <param name="Warned">Runs that say themselves that their speed is not that of the same model.</param>
public sealed record Agreement(string Family, string Protocol, IReadOnlyList<RunRecord> Runs, double Lowest, double Median,
    double? Divergence, int Warned)
{
    const string Share = "equivalence.agreement", Largest = "equivalence.divergence";

    /// <summary>By family and dataset; runs without a reference are left out.</summary>
    public static IReadOnlyList<Agreement> Of(IEnumerable<RunRecord> runs) =>
        [.. runs.Where(run => ValueOrNull(run, Share) is not null).GroupBy(run => (run.Trial.Family, run.Trial.Protocol))
            .OrderBy(group => group.Key.Family, StringComparer.Ordinal).ThenBy(group => group.Key.Protocol, StringComparer.Ordinal)
            .Select(group => Of(group.Key.Family, group.Key.Protocol, [.. group]))];

    static Agreement Of(string family, string protocol, IReadOnlyList<RunRecord> runs)
    {
        double[] shares = [.. runs.Select(run => ValueOrNull(run, Share)!.Value)];
        return new(family, protocol, runs, shares.Min(), Quantiles.Median(shares), runs.Max(run => ValueOrNull(run, Largest)),
            runs.Count(run => run.Readings.Any(reading => reading is { Metric: Share, Reason.Length: > 0 })));
    }

    static double? ValueOrNull(RunRecord run, string metric) => run.Metrics.FirstOrDefault(value => value.Metric == metric)?.Value;
}
