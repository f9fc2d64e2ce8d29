using Harness.Agent.Measuring.Meters;

namespace Harness.Agent.Tests.Measuring;

public sealed class MeterWindowTests
{
    static readonly MeterCard Power = new("fake", "a board", "E2", TimeSpan.FromMilliseconds(100), null) { MaximumWatts = 100 };
    static readonly MeterCard Counter = Power with { WrapsAtJoules = 1000 };

    [Fact]
    public void Power_is_integrated_by_trapezoids()
    {
        // 20 W + t over 20 s: 400 J + 200 J.
        var reading = Measure(Power, 20, at => new(at, null, 20 + at));
        Assert.Equal((600, 30), (Math.Round(reading.Joules!.Value, 9), Math.Round(reading.Watts!.Value, 9)));
    }

    [Fact]
    public void A_counter_that_wraps_gives_the_same_joules()
    {
        // From 990 J at 5 W: it wraps at 1000 J after two seconds.
        var reading = Measure(Counter, 20, at => new(at, (990 + 5 * at) % 1000, null));
        Assert.Equal(100, reading.Joules!.Value, 1e-9);
    }

    [Fact]
    public void A_counter_that_goes_back_without_wrapping_gives_none() =>
        AssertNone("went back", Power, 20, at => new(at, at < 10 ? 500 + at : 3 + at, null));

    [Fact]
    public void A_counter_that_jumps_gives_none() =>
        AssertNone("jumped", Power, 20, at => new(at, at < 10 ? 5 * at : 9000 + 5 * at, null));

    [Fact]
    public void A_counter_that_stands_still_gives_none() => AssertNone("stale", Power, 20, at => new(at, 77, null));

    [Fact]
    public void A_window_that_is_too_short_gives_none() => AssertNone("shorter", Power, 5, at => new(at, null, 20 + at));

    [Fact]
    public void A_dead_sensor_gives_none() => AssertNone("dead", Power, 20, at => new(at, null, 0));

    [Fact]
    public void A_constant_sensor_gives_none() => AssertNone("frozen", Power, 20, at => new(at, null, 42));

    [Fact]
    public void A_sensor_that_stops_halfway_gives_none() => AssertNone("stale", Power, 20, at => new(at, null, Math.Min(at, 8) + 10));

    [Fact]
    public void Impossible_values_are_invalid_samples() =>
        AssertNone("98", Power, 20, at => new(at, null, Index(at) % 50 == 7 ? 5000 : 20 + at));

    [Fact]
    public void One_invalid_sample_in_a_thousand_is_bridged()
    {
        var reading = Measure(Power, 20, at => new(at, null, Math.Abs(at - 10) < 0.001 ? double.NaN : 20 + at));
        Assert.Equal(600, reading.Joules!.Value, 0.01);
        Assert.True(reading.Valid < 1);
    }

    [Fact]
    public void A_reason_of_the_sensor_reaches_the_row() =>
        AssertNone("not supported", Power, 20, at => new(at, null, null, "not supported"));

    [Fact]
    public void Negative_power_is_never_energy() => AssertNone("valid", Power, 20, at => new(at, null, -5 - at));

    [Fact]
    public void A_gap_in_the_samples_gives_none()
    {
        var samples = Samples(20, at => new(at, null, 20 + at)).Where(sample => sample.At is < 5 or > 14).ToList();
        Assert.Contains("nothing was read", MeterRules.Default.Measure(Power, samples).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void No_sample_at_all_gives_none() => Assert.Null(MeterRules.Default.Measure(Power, []).Joules);

    static int Index(double at) => (int)Math.Round(at * 20);

    static List<MeterSample> Samples(double seconds, Func<double, MeterSample> sample) =>
        [.. Enumerable.Range(0, (int)(seconds * 20) + 1).Select(step => sample(step / 20.0))];

    static MeterReading Measure(MeterCard card, double seconds, Func<double, MeterSample> sample) =>
        MeterRules.Default.Measure(card, Samples(seconds, sample));

    static void AssertNone(string word, MeterCard card, double seconds, Func<double, MeterSample> sample)
    {
        var reading = Measure(card, seconds, sample);
        Assert.Null(reading.Joules);
        Assert.Contains(word, reading.Reason, StringComparison.Ordinal);
    }
}
