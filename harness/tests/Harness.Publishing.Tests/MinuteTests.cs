using Harness.Publishing.Plots;

namespace Harness.Publishing.Tests;

public sealed class MinuteTests
{
    static readonly SensorTrace Power = new("rapl:package-0", "power", "W", [10, 50, 70, 130], [10, 20, 40, null]);
    static readonly SensorTrace Heat = new("thermal:cpu", "temperature", "°C", [10, 50, 70, 130], [50, 60, 55, 80]);

    [Fact]
    public void A_minute_has_its_samples_its_mean_power_and_its_highest_temperature()
    {
        var minutes = Minute.Of(Enumerable.Repeat(new Timed("offline", 64, 20_000_000_000), 7), [Power, Heat]);
        Assert.Equal([(192L, 60.0), (192L, 60.0), (64L, 20.0)], minutes.Select(minute => (minute.Samples, minute.Seconds)));
        Assert.Equal([15, 60], minutes[0].Seen);
        Assert.Equal([40, 55], minutes[1].Seen);
        Assert.Equal([null, 80], minutes[2].Seen);
        Assert.Equal(3.2, minutes[2].Rate, 1e-12);
    }

    [Fact]
    public void A_call_longer_than_a_minute_leaves_minutes_without_samples() =>
        Assert.Equal([0L, 0L, 8L], Minute.Of([new Timed("offline", 8, 150_000_000_000)], []).Select(minute => minute.Samples));

    [Fact]
    public void A_short_stage_has_no_minutes() => Assert.Empty(Minute.Of([new Timed("offline", 64, 59_000_000_000)], [Power]));
}
