using Harness.Detection.Deciding;
using Harness.Statistics;

namespace Harness.Detection.Fleet;

/// <summary>How large the simulated fleet is.</summary>
/// <param name="Seed">Decides everything: the same seed gives the same table on every machine.</param>
public sealed record FleetSize(int Series = 1000, int Nights = 60, int SeriesPerDevice = 20, string Seed = "fleet-1")
{
    public int Devices => (Series + SeriesPerDevice - 1) / SeriesPerDevice;
}

/// <summary>What one detector did in one scenario on one kind of noise.</summary>
/// <param name="FalseAlerts">Slowdowns reported where there was none: on the nights before a slowdown, and on all of them where the head
/// never gets slower, whatever happens to the system.</param>
/// <param name="SeriesNights">Nights on which it could have reported one falsely.</param>
/// <param name="Found">Series in which something was reported within <see cref="Scenario.Within"/> nights of the change.</param>
/// <param name="NightsToFind">Of those, the median number of nights from the change to the report; 1 is the first night.</param>
/// <param name="Pairs">Confirming pairs for each series-night; 0 for a detector that confirms nothing.</param>
public sealed record DetectorScore(string Detector, bool Paired, string Noise, string Scenario, int Series, int FalseAlerts,
    int SeriesNights,
    int Found, double? NightsToFind, double Pairs)
{
    public double FalsePerThousand => SeriesNights == 0 ? 0 : 1000.0 * FalseAlerts / SeriesNights;
    public double FoundShare => (double)Found / Series;
    /// <summary>Per thousand series-nights of the week after the change; all are false when only the system changed.</summary>
    public double ReportedPerThousandInTheWeek => 1000 * FoundShare / Fleet.Scenario.Within;
}

/// <summary>
/// Ours and the detectors of other tools on one synthetic fleet whose truth is known. All see the same nights; ours is the very code
/// that judges real ones.
/// </summary>
public sealed class DetectorBenchmark(FleetSize size, DetectionPolicy policy)
{
    public const string Ours = "harness (paired, confirmed)";

    public async Task<IReadOnlyList<DetectorScore>> RunAsync(NoiseModel noise, Scenario scenario, IReadOnlyList<Rival> rivals,
        CancellationToken cancellation)
    {
        var devices = new IReadOnlyList<SeriesReport>[size.Devices];
        await Parallel.ForAsync(0, size.Devices, cancellation, async (device, token) =>
        {
            var series = Math.Min(size.SeriesPerDevice, size.Series - device * size.SeriesPerDevice);
            var fleet = new FleetDevice($"{size.Seed} {noise.Name} {scenario.Name} {device}", series, size.Nights, noise, scenario, policy);
            devices[device] = await new FleetNights(fleet, policy, rivals).RunAsync(size.Nights, token);
        });
        return [.. devices.SelectMany(reports => reports).GroupBy(report => (report.Detector, report.Paired))
            .Select(group => Score(group.Key.Detector, group.Key.Paired, noise, scenario, [.. group]))];
    }

    DetectorScore Score(string detector, bool paired, NoiseModel noise, Scenario scenario, SeriesReport[] reports)
    {
        var (happens, slower) = (scenario != Scenario.Nothing, scenario.Slowdown > 0);
        double[] delays = [.. reports.Select(report => report.DelayOrNull()).OfType<int>().Select(delay => delay + 1.0)];
        return new(detector, paired, noise.Name, scenario.Name, reports.Length,
            reports.Sum(report => report.Alerts.Count(alert => !slower || alert < report.Change)),
            reports.Sum(report => slower ? report.Change : size.Nights), happens ? delays.Length : 0,
            happens && delays.Length > 0 ? Quantiles.Median(delays) : null,
            reports.Sum(report => report.Pairs) / (double)size.Nights / reports.Length);
    }
}

/// <summary>The nights on which a detector reported something about one series.</summary>
sealed record SeriesReport(string Detector, bool Paired, int Change, IReadOnlyList<int> Alerts, int Pairs)
{
    /// <summary>Nights from the change to the first report of it, or null when it took too long.</summary>
    public int? DelayOrNull() =>
        Alerts.Where(alert => alert >= Change && alert < Change + Scenario.Within).Select(alert => (int?)(alert - Change)).FirstOrDefault();
}
