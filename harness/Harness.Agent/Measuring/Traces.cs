namespace Harness.Agent.Measuring;

/// <summary>Traces of a length that can be stored with every run.</summary>
static class Traces
{
    /// <summary>An hour at one point a second; what is longer or denser is averaged.</summary>
    public const int Most = 3600;

    /// <summary>The mean over each of <see cref="Most"/> equal pieces of time where there are more points.</summary>
    public static SensorTrace Thinned(SensorTrace trace)
    {
        if (trace.Seconds.Count <= Most) return trace;
        var (first, length) = (trace.Seconds[0], trace.Seconds[^1] - trace.Seconds[0]);
        int Piece(double seconds) => Math.Min(Most - 1, (int)(Most * (seconds - first) / length));
        var pieces = trace.Seconds.Zip(trace.Values).GroupBy(point => Piece(point.First)).Select(points => (
            Seconds: points.Average(point => point.First),
            Value: points.Average(point => point.Second))).ToList();
        return trace with { Seconds = [.. pieces.Select(piece => piece.Seconds)], Values = [.. pieces.Select(piece => piece.Value)] };
    }
}
