namespace Harness.Publishing.Plots;

/// <summary>One minute of the offline stage.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Samples">Of the calls that ended in it.</param>
/// <param name="Seconds">How much of the minute the stage lasted.</param>
/// <param name="Seen">What each sensor saw, in the order of the traces: the mean of power and clock rate, the highest temperature.</param>
sealed record Minute(int Number, long Samples, double Seconds, IReadOnlyList<double?> Seen)
{
    const double Length = 60;

    public double Rate => Samples / Seconds;

    /// <summary>The minutes of a stage; none where it lasted less than one.</summary>
    /// <param name="calls">Of the offline stage, in order.</param>
    public static IReadOnlyList<Minute> Of(IEnumerable<Timed> calls, IReadOnlyList<SensorTrace> traces)
    {
        var (at, samples) = (0.0, new List<long>());
        foreach (var call in calls)
        {
            at += call.Nanoseconds * 1e-9;
            // A call that ends exactly with a minute belongs to it.
            while (samples.Count < Math.Ceiling(at / Length)) samples.Add(0);
            samples[^1] += call.Operations;
        }
        if (at < Length) return [];
        return [.. samples.Select((count, minute) => new Minute(minute, count, Math.Min(Length, at - minute * Length),
            [.. traces.Select(trace => SeenIn(trace, minute * Length, (minute + 1) * Length))]))];
    }

    static double? SeenIn(SensorTrace trace, double from, double to)
    {
        var values = trace.Seconds.Zip(trace.Values).Where(point => point.First >= from && point.First < to && point.Second is not null)
            .Select(point => point.Second!.Value).ToArray();
        return values.Length == 0 ? null : trace.Quantity == "temperature" ? values.Max() : values.Average();
    }
}
