namespace Harness.Detection.Pairing;

/// <summary>
/// Names a series: numbers with equal keys compare. Everything that changes a number without a change of the code is part of it, and
/// nothing unstable, such as a clock rate or a host name.
/// </summary>
public static class ComparabilityKey
{
    public static string Of(RunRecord run, MetricValue metric) => Of(run.Trial, run.Device, metric);

    static string Of(Trial trial, DeviceCard device, MetricValue metric) => string.Join('|', new[]
    {
        $"{metric.Metric}@{metric.Version}", metric.EnergyTier, Cell(trial), device.Id, device.Instructions, device.Allocator,
        Major(device.Runtime),
    }.OfType<string>());

    /// <summary>The part that the trial decides, e.g. <c>images/mnist@1/lif-mlp@1/890a3d32/seed-1/2-threads</c>.</summary>
    public static string Cell(Trial trial) => $"{trial.Suite}/{trial.Benchmark}/{trial.Protocol}{(trial.Limit is { } limit
        ? $"/first-{limit}" : "")}/{trial.Family}/{trial.ConfigurationHash}/seed-{trial.Seed}/{trial.Threads}-threads";

    // ".NET 10.0.1" and ".NET 10.0.2" are one series, ".NET 11.0.0" is another.
    static string Major(string runtime) => runtime.Split('.') is [var empty, var name, ..] && empty.Length == 0 ? $".{name}" : runtime;
}
