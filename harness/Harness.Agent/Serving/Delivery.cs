using Harness.Queue;
using Harness.Queue.Protocol;

namespace Harness.Agent.Serving;

/// <summary>Brings spooled results to the coordinator. A broken upload goes on where the coordinator says that it stopped.</summary>
sealed class Delivery(IFleetLink link, Spool spool, Action<string> log)
{
    const int Tries = 3;

    /// <summary>Delivers what waits, oldest first. Returns when all is confirmed or put aside.</summary>
    /// <param name="next">Asks for a job together with the last result; null asks for none.</param>
    /// <returns>What was answered to <paramref name="next"/>; null where it was not asked.</returns>
    /// <exception cref="LinkDownException">The coordinator is away; what was not confirmed stays.</exception>
    public async Task<LeaseAnswer?> DeliverAsync(LeaseRequest? next, CancellationToken cancellation)
    {
        LeaseAnswer? given = null;
        var waiting = spool.Waiting();
        foreach (var result in waiting)
        {
            try
            {
                var answer = await DeliverAsync(result, result == waiting[^1] ? next : null, cancellation);
                given = answer.Next;
                spool.Confirm(result);
                var end = answer.Requeued ? "goes to another attempt" : answer.Completion.ToString().ToLowerInvariant();
                log($"job {result.Envelope.Job}: {end}");
            }
            catch (RefusedException refused) when (!refused.MayPass)
            {
                log($"the result of job {result.Envelope.Job} was refused ({refused.Refusal}) and is kept aside: {refused.Message}");
                spool.Refuse(result);
            }
        }
        return given;
    }

    async Task<DoneAnswer> DeliverAsync(SpooledResult result, LeaseRequest? next, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await UploadAsync(result, cancellation);
                return await link.AskAsync<DoneRequest, DoneAnswer>("done", result.Signed with { Next = next }, cancellation);
            }
            catch (RefusedException refused) when (refused.Refusal is Refusal.Tampered or Refusal.Unavailable && attempt < Tries)
            {
                log($"job {result.Envelope.Job} is uploaded again: {refused.Message}");
            }
        }
    }

    async Task UploadAsync(SpooledResult result, CancellationToken cancellation)
    {
        var envelope = result.Envelope;
        await using var stream = result.Observations.OpenRead();
        var piece = new byte[Frame.PieceBytes];
        var held = await PutAsync(envelope, 0, default, cancellation);
        while (held < envelope.Bytes)
        {
            stream.Position = held;
            var count = await stream.ReadAsync(piece, cancellation);
            if (count == 0) throw new HarnessException($"The observations of job {envelope.Job} end before their length.");
            held = await PutAsync(envelope, held, piece.AsMemory(0, count), cancellation);
        }
    }

    async Task<long> PutAsync(Envelope envelope, long offset, ReadOnlyMemory<byte> piece, CancellationToken cancellation) =>
        (await link.AskAsync<PutRequest, PutAnswer>("put", new(envelope.Job, envelope.Token, envelope.Observations, envelope.Bytes, offset),
            cancellation, piece)).Held;
}
