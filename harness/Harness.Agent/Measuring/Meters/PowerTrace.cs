namespace Harness.Agent.Measuring.Meters;

/// <summary>The power that a meter saw, sample by sample; of a counter of energy, its slope since the sample before.</summary>
static class PowerTrace
{
    public static SensorTrace Of(MeterCard card, IReadOnlyList<MeterSample> samples)
    {
        var points = samples.Any(sample => sample.Joules is not null) ? Slopes(card, samples)
            : samples.Select(sample => (sample.At, MeterRules.Believable(card, sample) ? sample.Watts : null));
        var list = points.ToList();
        return Traces.Thinned(new(card.Id, "power", "W", [.. list.Select(point => point.Item1)], [.. list.Select(point => point.Item2)]));
    }

    // A sensor that is read faster than it counts stands still in between: a slope spans the samples since its last change.
    static IEnumerable<(double, double?)> Slopes(MeterCard card, IReadOnlyList<MeterSample> samples)
    {
        var last = samples.FirstOrDefault(sample => sample.Joules is not null);
        foreach (var sample in samples)
        {
            if (sample.Joules is null) yield return (sample.At, null);
            else if (sample.Joules != last!.Joules)
            {
                var joules = sample.Joules.Value - last.Joules!.Value;
                if (joules < 0) joules += card.WrapsAtJoules ?? double.NaN;
                var watts = joules / (sample.At - last.At);
                yield return (sample.At, double.IsFinite(watts) && !(watts > card.MaximumWatts) ? watts : null);
                last = sample;
            }
        }
    }
}
