using NATS.Client.Core;

namespace Harness.Queue.Nats.Jobs;

/// <summary>
/// The records of jobs that are leased for the first time, many in a message. Every message has a subject of its own, so that one whose
/// acknowledgement was lost is not written twice.
/// </summary>
sealed class FirstLeases : IAsyncDisposable
{
    readonly Streams _streams;
    readonly GroupCommit<LeaseRecord, bool> _commit;

    public FirstLeases(Streams streams) => (_streams, _commit) = (streams, new(StoreAsync));

    /// <summary>Returns when the record is durable.</summary>
    public Task AppendAsync(LeaseRecord record) => _commit.AppendAsync(record);

    public static IReadOnlyList<LeaseRecord> Read(byte[] message) => GroupCommit<LeaseRecord, bool>.Read(message);

    public ValueTask DisposeAsync() => _commit.DisposeAsync();

    async Task<IReadOnlyList<bool>> StoreAsync(IReadOnlyList<Written<LeaseRecord>> records)
    {
        var message = GroupCommit<LeaseRecord, bool>.Message(records);
        await _streams.WriteAsync($"{Streams.Firsts}.{Nuid.NewNuid()}", message, after: 0, CancellationToken.None);
        return [.. records.Select(_ => true)];
    }
}
