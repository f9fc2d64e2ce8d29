namespace Harness.Agent.Measuring.Meters;

/// <summary>
/// Samples every meter while the offline stage runs, after looking at the idle machine; gross and net of idle are both told. Its own
/// reading time is told as well, and a share above one per cent is a reason not to believe the speed of the run.
/// </summary>
/// <param name="kinds">In order of trust; all that answer are read.</param>
/// <param name="idle">How long the idle machine is watched before the work.</param>
public sealed class MeterProbe(IReadOnlyList<IMeterKind> kinds, TimeProvider time, MeterRules rules, TimeSpan idle) : IProbe
{
    const double NoticeableShare = 0.01;

    IReadOnlyList<SensorTrace> traces = [];

    /// <summary>No meter is looked at more often: ten seconds have a hundred looks, which cost far less than one per cent.</summary>
    public TimeSpan Fastest { get; init; } = TimeSpan.FromMilliseconds(100);

    public IReadOnlyList<MetricCard> Quantities => MeterQuantities.All;

    public IReadOnlyList<Reading> Around(Action work)
    {
        var meters = new List<IMeter>();
        var absent = new List<string>();
        foreach (var kind in kinds)
        {
            meters.AddRange(kind.Find(out var reason));
            if (reason is not null) absent.Add($"{kind.Name}: {reason}");
        }
        try
        {
            return meters.Count == 0 ? Nothing(work, absent) : Metered(work, meters);
        }
        finally
        {
            meters.ForEach(meter => meter.Dispose());
        }
    }

    public IReadOnlyList<SensorTrace> TakeTraces()
    {
        var taken = traces;
        traces = [];
        return taken;
    }

    static IReadOnlyList<Reading> Nothing(Action work, List<string> absent)
    {
        work();
        return [new(MeterQuantities.Gross.Id, null, absent.Count == 0 ? "no meter is configured" : string.Join("; ", absent))];
    }

    List<Reading> Metered(Action work, List<IMeter> meters)
    {
        var quiet = Sample(meters, () => Task.Delay(idle, time, CancellationToken.None).GetAwaiter().GetResult());
        var busy = Sample(meters, work);
        traces = [.. meters.Select((meter, index) => PowerTrace.Of(meter.Card, busy.Of(index)))];
        return [.. meters.SelectMany((meter, index) => Tell(meter.Card, quiet, busy, index)), Overhead(busy)];
    }

    IEnumerable<Reading> Tell(MeterCard card, Sampling quiet, Sampling busy, int index)
    {
        // Idle is a power, not an energy budget: half a window tells it.
        var resting = (rules with { Shortest = idle / 2, Periods = 5 }).Measure(card, quiet.Of(index));
        var window = rules.Measure(card, busy.Of(index));
        Reading Of(MetricCard quantity, double? value, string? reason) =>
            new(quantity.Id, value, value is null ? reason : null) { Instrument = card.Id, Tier = card.Tier };
        yield return Of(MeterQuantities.Gross, window.Joules, window.Reason);
        yield return Of(MeterQuantities.Net, window.Joules - resting.Watts * window.Seconds, window.Reason ?? resting.Reason);
        yield return Of(MeterQuantities.Power, window.Watts, window.Reason);
        yield return Of(MeterQuantities.IdlePower, resting.Watts, resting.Reason);
        yield return Of(MeterQuantities.Validity, window.Valid, null);
    }

    static Reading Overhead(Sampling busy)
    {
        var share = busy.Spent / Math.Max(busy.Length, 1e-9);
        return new(MeterQuantities.Overhead.Id, share, share > NoticeableShare
            ? $"reading the meters took {100 * share:0.0} % of the window: it slowed the run" : null);
    }

    Sampling Sample(List<IMeter> meters, Action work)
    {
        var period = meters.Min(meter => meter.Card.Period);
        var sampling = new Sampling(meters);
        using var watch = new Watch(time, period < Fastest ? Fastest : period, sampling.Look);
        (sampling.Length, sampling.Spent) = watch.During(work);
        return sampling;
    }

    sealed class Sampling(List<IMeter> meters)
    {
        readonly List<MeterSample>[] samples = [.. meters.Select(_ => new List<MeterSample>())];

        /// <summary>Seconds that reading took, all meters together.</summary>
        public double Spent { get; set; }
        public double Length { get; set; }

        public IReadOnlyList<MeterSample> Of(int index) => samples[index];

        public void Look(Func<double> seconds)
        {
            for (var index = 0; index < meters.Count; index++) samples[index].Add(meters[index].Read(seconds()));
        }
    }
}

/// <summary>What the readings of meters mean. Joules and watts are of the whole offline stage; scores per sample are derived.</summary>
public static class MeterQuantities
{
    public static MetricCard Gross { get; } = new("energy.window", 1, "Energy of the offline stage", "J", Direction.Lower)
    { Definition = "Energy that the named meter saw during the offline stage, idle included." };

    public static MetricCard Net { get; } = new("energy.window_net", 1, "Energy of the offline stage, net of idle", "J", Direction.Lower)
    { Definition = "energy.window minus power.idle times the length of the window." };

    public static MetricCard Power { get; } = new("power.mean", 1, "Mean power", "W", Direction.Lower)
    { Definition = "energy.window over the length of the window." };

    public static MetricCard IdlePower { get; } = new("power.idle", 1, "Idle power", "W", Direction.Neutral)
    { Definition = "Mean power of the machine before the offline stage, with the model loaded and nothing computed." };

    public static MetricCard Validity { get; } = new("energy.validity", 1, "Valid meter samples", "share", Direction.Higher)
    { Definition = "Share of the samples with a believable value; below 0.99 no joule is stated." };

    public static MetricCard Overhead { get; } = new("energy.meter_overhead", 1, "Cost of metering", "share", Direction.Lower)
    { Definition = "Time spent reading meters over the length of the window." };

    public static IReadOnlyList<MetricCard> All { get; } = [Gross, Net, Power, IdlePower, Validity, Overhead];
}
