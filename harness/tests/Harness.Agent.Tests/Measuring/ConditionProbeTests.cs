using Harness.Agent.Measuring;
using Harness.Agent.Measuring.Meters;

namespace Harness.Agent.Tests.Measuring;

public sealed class ConditionProbeTests : IDisposable
{
    readonly DirectoryInfo _sysfs = Directory.CreateTempSubdirectory("sysfs-");

    public void Dispose() => _sysfs.Delete(recursive: true);

    [Fact]
    public void Temperatures_and_the_clock_rate_are_told_and_traced()
    {
        Write("class/thermal/thermal_zone0/type", "x86_pkg_temp");
        Write("class/thermal/thermal_zone0/temp", "41000");
        Write("devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "2000000");
        Write("devices/system/cpu/cpu1/cpufreq/scaling_cur_freq", "3000000");
        var probe = Probe();
        var readings = probe.Around(() => Write("class/thermal/thermal_zone0/temp", "63500"));
        Assert.Equal(
            [("temperature.before", 41.0, "thermal:x86_pkg_temp"), ("temperature.highest", 63.5, "thermal:x86_pkg_temp"),
                ("frequency.mean", 2.5e9, "cpufreq")],
            readings.Select(reading => (reading.Metric, reading.Value!.Value, reading.Instrument!)));
        var traces = probe.TakeTraces();
        Assert.Equal([("thermal:x86_pkg_temp", "temperature", "°C"), ("cpufreq", "frequency", "Hz")],
            traces.Select(trace => (trace.Sensor, trace.Quantity, trace.Unit)));
        Assert.Equal([41, 63.5], traces[0].Values);
        Assert.Equal(traces[0].Seconds.Order(), traces[0].Seconds);
        Assert.Empty(probe.TakeTraces());
    }

    [Theory]
    [InlineData("-273000")]
    [InlineData("2147483647")]
    [InlineData("hot")]
    public void A_value_that_no_sensor_can_have_is_none(string text)
    {
        Write("class/thermal/thermal_zone3/temp", text);
        var probe = Probe();
        var readings = probe.Around(() => { });
        Assert.All(readings.Where(reading => reading.Metric != "frequency.mean"), reading =>
        {
            Assert.Null(reading.Value);
            Assert.Contains("thermal_zone3", reading.Reason, StringComparison.Ordinal);
        });
        Assert.All(probe.TakeTraces()[0].Values, value => Assert.Null(value));
    }

    [Fact]
    public void A_machine_without_sensors_says_so()
    {
        var readings = Probe().Around(() => { });
        Assert.Equal(["temperature.before", "temperature.highest", "frequency.mean"], readings.Select(reading => reading.Metric));
        Assert.All(readings, reading => Assert.Contains("has no sensor", reading.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_counter_of_energy_is_traced_as_power_across_its_wrap_and_its_pauses()
    {
        var card = new MeterCard("rapl:package-0", "package", "E2", TimeSpan.FromSeconds(1), null)
        { WrapsAtJoules = 100, MaximumWatts = 50 };
        MeterSample[] samples = [new(0, 90, null), new(1, 90, null), new(2, 98, null),
            new(3, null, null, "busy"), new(4, 6, null), new(5, 96, null)];
        var trace = PowerTrace.Of(card, samples);
        Assert.Equal([2.0, 3.0, 4.0, 5.0], trace.Seconds);
        Assert.Equal([4, null, 4, null], trace.Values); // 8 J in 2 s, nothing, 8 J over the wrap in 2 s, 90 W are too many
    }

    [Fact]
    public void A_long_trace_is_averaged()
    {
        var trace = new SensorTrace("a", "power", "W", [.. Enumerable.Range(0, 100_000).Select(i => i * 0.02)],
            [.. Enumerable.Range(0, 100_000).Select(i => i % 2 == 0 ? 10.0 : (double?)20)]);
        var thinned = Traces.Thinned(trace);
        Assert.InRange(thinned.Seconds.Count, Traces.Most / 2, Traces.Most);
        Assert.All(thinned.Values, value => Assert.InRange(value!.Value, 14, 16));
    }

    ConditionProbe Probe() => new(_sysfs.FullName, TimeProvider.System, TimeSpan.FromMinutes(1));

    void Write(string path, string text)
    {
        var file = new FileInfo(Path.Combine(_sysfs.FullName, path));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, text + "\n");
    }
}
