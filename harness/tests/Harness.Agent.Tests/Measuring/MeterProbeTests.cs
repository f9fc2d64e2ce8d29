using Harness.Agent.Measuring.Meters;

namespace Harness.Agent.Tests.Measuring;

public sealed class MeterProbeTests
{
    static readonly MeterRules Quick = new(TimeSpan.FromMilliseconds(60));
    static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    [Fact]
    public void Gross_and_net_of_idle_are_both_told_with_their_meter_and_tier()
    {
        var meter = new Fake();
        var probe = Probe(meter);
        var readings = probe.Around(() => { meter.Load = 40; meter.Watch(); });
        var gross = Of(readings, "energy.window");
        var net = Of(readings, "energy.window_net");
        Assert.Equal(("fake:0", "E3"), (gross.Instrument, gross.Tier));
        var (idle, mean) = (Of(readings, "power.idle").Value!.Value, Of(readings, "power.mean").Value!.Value);
        Assert.InRange(idle, 9.9, 10.1);
        // The load begins within the window, and a busy machine may look late: the mean lies between idle and load, near the load.
        Assert.InRange(mean, 30, 50.1);
        Assert.Equal(gross.Value!.Value * (1 - idle / mean), net.Value!.Value, 1e-9);
        Assert.True(meter.Disposed);
        var trace = Assert.Single(probe.TakeTraces());
        Assert.Equal(("fake:0", "power", "W"), (trace.Sensor, trace.Quantity, trace.Unit));
        Assert.Equal(mean, trace.Values.Average()!.Value, 1.0);
    }

    [Fact]
    public void A_sensor_that_fails_under_load_leaves_its_reason_and_no_joule()
    {
        var meter = new Fake();
        var readings = Probe(meter).Around(() => { meter.Fails = true; meter.Watch(); });
        var gross = Of(readings, "energy.window");
        Assert.Null(gross.Value);
        Assert.Contains("it broke", gross.Reason, StringComparison.Ordinal);
        Assert.Null(Of(readings, "energy.window_net").Value);
        Assert.NotNull(Of(readings, "power.idle").Value);
    }

    [Fact]
    public void Without_any_meter_the_work_runs_and_the_reasons_are_told()
    {
        var ran = false;
        var probe = new MeterProbe([new Kind("one", null, "no such file"), new Kind("two", null, "no such bus")], TimeProvider.System,
            Quick,
            Idle);
        var reading = Assert.Single(probe.Around(() => ran = true));
        Assert.True(ran);
        Assert.Equal(("energy.window", (double?)null, "one: no such file; two: no such bus"),
            (reading.Metric, reading.Value, reading.Reason));
    }

    [Fact]
    public void A_slow_meter_is_blamed_for_slowing_the_run()
    {
        var readings = Probe(new Fake { Slow = true }).Around(Busy);
        var overhead = Of(readings, "energy.meter_overhead");
        Assert.True(overhead.Value > 0.01);
        Assert.Contains("slowed the run", overhead.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_of_the_work_passes_through_and_frees_the_meters()
    {
        var meter = new Fake();
        Assert.Throws<InvalidOperationException>(() => Probe(meter).Around(() => throw new InvalidOperationException("model")));
        Assert.True(meter.Disposed);
    }

    static void Busy()
    {
        var until = Environment.TickCount64 + 300;
        while (Environment.TickCount64 < until) Thread.SpinWait(1000);
    }

    static MeterProbe Probe(IMeter meter) => new([new Kind("fake", meter, null)], TimeProvider.System, Quick, Idle)
    { Fastest = TimeSpan.FromMilliseconds(10) };

    static Reading Of(IReadOnlyList<Reading> readings, string metric) => readings.Single(reading => reading.Metric == metric);

    sealed class Kind(string name, IMeter? meter, string? reason) : IMeterKind
    {
        public string Name => name;
        public IReadOnlyList<IMeter> Find(out string? absent)
        {
            absent = reason;
            return meter is null ? [] : [meter];
        }
    }

    sealed class Fake : IMeter
    {
        const int Enough = 60;

        volatile int looks;
        public double Load { get; set; }
        public bool Fails { get; set; }
        public bool Slow { get; init; }
        public bool Disposed { get; private set; }
        public MeterCard Card { get; } = new("fake:0", "a board", "E3", TimeSpan.FromMilliseconds(10), "1 %");

        /// <summary>Works until it has been looked at often, however busy the machine is.</summary>
        public void Watch()
        {
            var end = looks + Enough;
            Assert.True(SpinWait.SpinUntil(() => looks >= end, TimeSpan.FromMinutes(1)), $"{Enough} looks took more than a minute");
        }

        // It has a clock of its own that counts looks: a busy machine makes no gaps.
        public MeterSample Read(double seconds)
        {
            if (Slow) Thread.SpinWait(200_000);
            var at = 0.15 * looks++;
            return Fails ? new(at, null, null, "it broke") : new(at, null, 10 + Load + 0.01 * (looks % 7));
        }

        public void Dispose() => Disposed = true;
    }
}
