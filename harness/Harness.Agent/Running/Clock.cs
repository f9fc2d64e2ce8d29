namespace Harness.Agent.Running;

static class Clock
{
    /// <summary>Nanoseconds since a timestamp of the same provider, at the full resolution of its counter.</summary>
    public static long NanosecondsSince(this TimeProvider time, long start)
    {
        var ticks = time.GetTimestamp() - start;
        return time.TimestampFrequency == 1_000_000_000 ? ticks : (long)(ticks * (1e9 / time.TimestampFrequency));
    }
}
