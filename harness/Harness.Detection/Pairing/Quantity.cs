namespace Harness.Detection.Pairing;

/// <summary>Tells by what a run says of its numbers how they are compared.</summary>
public static class Quantity
{
    /// <summary>1 for a run that ends well: a count like any other, which must not change.</summary>
    public static MetricCard Completes { get; } = new("run.completes", 1, "Runs to its end", "1", Direction.Higher)
    { Definition = "1 when the run ends as ok, else 0." };

    static readonly string[] PhysicalNames = ["latency.", "speed.", "time.", "memory.", "energy.measured"];

    /// <summary>Time, memory or measured energy: it scatters, and is compared in pairs of runs.</summary>
    public static bool IsPhysical(string metric) => PhysicalNames.Any(name => metric.StartsWith(name, StringComparison.Ordinal));

    /// <summary>What must not scatter at all; of a run that did not end well only that it did not.</summary>
    public static IReadOnlyList<MetricValue> Counts(RunRecord run)
    {
        var ok = run.State == RunState.Ok;
        var completes = new MetricValue(Completes.Id, Completes.Version, ok ? 1 : 0, Completes.Unit, Completes.Direction, "counted");
        return ok ? [completes, .. run.Metrics.Where(value => value.Source == "counted")] : [completes];
    }

    /// <summary>The value of a metric, or null where the run is not ok or does not have it.</summary>
    public static MetricValue? Find(RunRecord run, string metric) =>
        run.State == RunState.Ok ? run.Metrics.FirstOrDefault(value => value.Metric == metric) : null;
}
