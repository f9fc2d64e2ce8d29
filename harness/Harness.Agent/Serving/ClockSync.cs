using Harness.Queue.Protocol;

namespace Harness.Agent.Serving;

/// <summary>
/// Compares this machine's clock with the coordinator's by the exchange of NTP; of several the one with the shortest round trip counts.
/// </summary>
public static class ClockSync
{
    public const int Exchanges = 8;

    /// <exception cref="LinkDownException">No exchange was answered.</exception>
    public static async Task<ClockOffset> MeasureAsync(IFleetLink link, TimeProvider time, CancellationToken cancellation)
    {
        var best = new ClockOffset(0, double.MaxValue, 0);
        for (var exchange = 1; exchange <= Exchanges; exchange++)
        {
            var (sent, start) = (time.GetUtcNow(), time.GetTimestamp());
            var answer = await link.AskAsync<Done, ClockAnswer>("clock", new(true), cancellation);
            var roundTrip = time.GetElapsedTime(start) - (answer.Sent - answer.Received);
            // The middle of our own span, by the clock that does not jump, against the middle of the coordinator's.
            var own = sent + (time.GetElapsedTime(start) / 2);
            var other = answer.Received + ((answer.Sent - answer.Received) / 2);
            var uncertainty = Math.Max(0, roundTrip.TotalSeconds / 2);
            best = uncertainty < best.Uncertainty ? new((other - own).TotalSeconds, uncertainty, exchange)
                : best with { Exchanges = exchange };
        }
        return best;
    }
}
