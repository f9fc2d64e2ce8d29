namespace Harness.Agent.Measuring.Meters;

/// <summary>Energy of one window, or the reason why none can be stated.</summary>
/// <param name="Joules">Null with <paramref name="Reason"/>, never zero for want of data.</param>
/// <param name="Valid">Share of samples with a believable value.</param>
public sealed record MeterReading(double? Joules, double? Watts, double Seconds, double Valid, string? Reason);

/// <summary>
/// Turns samples into joules under the rules of evidence: a window of at least 10 s and 20 sensor periods, at least 99 % believable
/// samples, no gap of more than 20 periods, and a sensor that is neither dead, frozen, jumping nor counting backwards.
/// </summary>
public sealed record MeterRules(TimeSpan Shortest, int Periods = 20, double Valid = 0.99)
{
    public static MeterRules Default { get; } = new(TimeSpan.FromSeconds(10));

    /// <param name="samples">In order of time; the first and the last one are the ends of the window.</param>
    public MeterReading Measure(MeterCard card, IReadOnlyList<MeterSample> samples)
    {
        var seconds = samples.Count > 1 ? samples[^1].At - samples[0].At : 0;
        var believed = samples.Where(sample => Believable(card, sample)).ToList();
        var share = samples.Count == 0 ? 0 : (double)believed.Count / samples.Count;
        MeterReading Without(string reason) => new(null, null, seconds, share, $"{card.Id}: {reason}");
        var needed = Math.Max(Shortest.TotalSeconds, Periods * card.Period.TotalSeconds);
        if (seconds < needed) return Without($"the window of {seconds:0.0} s is shorter than the {needed:0.0} s that a joule needs");
        if (share < Valid)
            return Without($"only {100 * share:0.0} % of the samples are valid, {100 * Valid:0} % are needed"
                + (samples.FirstOrDefault(sample => sample.Reason is not null)?.Reason is { } why ? $" ({why})" : ""));
        if (Gap(believed) is var gap && gap > Math.Max(needed / 2, Periods * card.Period.TotalSeconds)) return Without(
            $"nothing was read for {gap:0.0} s");
        return believed[0].Joules is not null ? Counted(card, believed, share, Without) : Integrated(card, believed, share, Without);
    }

    public static bool Believable(MeterCard card, MeterSample sample) => sample switch
    {
        { Joules: { } joules } => double.IsFinite(joules) && joules >= 0,
        { Watts: { } watts } => double.IsFinite(watts) && watts >= 0 && (card.MaximumWatts is not { } most || watts <= most),
        _ => false,
    };

    static double Gap(List<MeterSample> samples) =>
        samples.Zip(samples.Skip(1)).Select(pair => pair.Second.At - pair.First.At).DefaultIfEmpty(double.PositiveInfinity).Max();

    static MeterReading Counted(MeterCard card, List<MeterSample> samples, double share, Func<string, MeterReading> without)
    {
        var (total, changes) = (0.0, 0);
        foreach (var (one, next) in samples.Zip(samples.Skip(1)))
        {
            var step = next.Joules!.Value - one.Joules!.Value;
            if (step < 0)
            {
                if (card.WrapsAtJoules is not { } range) return without($"the counter went back by {-step:0.###} J");
                step += range;
            }
            if (card.MaximumWatts is { } most && step > 2 * most * Math.Max(next.At - one.At, card.Period.TotalSeconds))
                return without($"the counter jumped by {step:0.#} J in {next.At - one.At:0.00} s, more than {most:0} W allow");
            if (step > 0) changes++;
            total += step;
        }
        var seconds = samples[^1].At - samples[0].At;
        if (changes < 2) return without($"the counter changed {changes} times in {seconds:0.0} s: it is stale");
        return new(total, total / seconds, seconds, share, null);
    }

    static MeterReading Integrated(MeterCard card, List<MeterSample> samples, double share, Func<string, MeterReading> without)
    {
        var values = samples.Select(sample => sample.Watts!.Value).ToList();
        if (values.TrueForAll(watts => watts == 0)) return without("it reads 0 W throughout: the sensor is dead");
        if (values.TrueForAll(watts => watts == values[0]))
            return without($"it reads {values[0]:0.###} W throughout: the sensor is frozen or stale");
        var longest = Frozen(samples);
        if (longest > Math.Max(5, 20 * card.Period.TotalSeconds))
            return without($"it repeated one value for {longest:0.0} s: the sensor is stale");
        // The trapezoidal rule between the samples.
        var total = samples.Zip(samples.Skip(1)).Sum(pair =>
            (pair.Second.At - pair.First.At) * (pair.First.Watts!.Value + pair.Second.Watts!.Value) / 2);
        var seconds = samples[^1].At - samples[0].At;
        return new(total, total / seconds, seconds, share, null);
    }

    static double Frozen(List<MeterSample> samples)
    {
        var (longest, since) = (0.0, samples[0]);
        foreach (var sample in samples)
        {
            if (sample.Watts != since.Watts) since = sample;
            longest = Math.Max(longest, sample.At - since.At);
        }
        return longest;
    }
}
