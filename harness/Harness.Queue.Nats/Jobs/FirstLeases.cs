using System.Threading.Channels;
using NATS.Client.Core;

namespace Harness.Queue.Nats.Jobs;

/// <summary>
/// Writes the records of jobs that are leased for the first time, all that wait at the moment in one message: a fleet asks for many jobs at
/// once, and a message costs the same with one record or with a hundred. Every message has a subject of its own, so that one whose
/// acknowledgement was lost is not written twice.
/// </summary>
sealed class FirstLeases : IAsyncDisposable
{
    const int MostTogether = 256;
    const int MostBytes = Protocol.Frame.PieceBytes;

    readonly Streams _streams;
    readonly Channel<Waiting> _waiting = Channel.CreateUnbounded<Waiting>(new() { SingleReader = true });
    readonly Task _writing;

    public FirstLeases(Streams streams)
    {
        _streams = streams;
        _writing = WriteAsync();
    }

    /// <summary>Returns when the record is durable.</summary>
    public Task AppendAsync(LeaseRecord record)
    {
        var waiting = new Waiting(Streams.Bytes(record));
        return _waiting.Writer.TryWrite(waiting) ? waiting.Written.Task
            : Task.FromException(new QueueUnavailableException("The job queue is closed."));
    }

    public static IReadOnlyList<LeaseRecord> Read(byte[] content) => Streams.Read<IReadOnlyList<LeaseRecord>>(content);

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing;
    }

    async Task WriteAsync()
    {
        var together = new List<Waiting>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            var bytes = 0;
            while (together.Count < MostTogether && _waiting.Reader.TryPeek(out var next)
                && (together.Count == 0 || bytes + next.Record.Length < MostBytes) && _waiting.Reader.TryRead(out next))
            {
                together.Add(next);
                bytes += next.Record.Length + 1;
            }
            try
            {
                await _streams.WriteAsync($"{Streams.Firsts}.{Nuid.NewNuid()}", List(together, bytes), after: 0, CancellationToken.None);
                foreach (var waiting in together) waiting.Written.TrySetResult();
            }
            catch (QueueUnavailableException silent)
            {
                foreach (var waiting in together) waiting.Written.TrySetException(silent);
            }
            together.Clear();
        }
    }

    /// <summary>A JSON array of the records.</summary>
    static byte[] List(List<Waiting> together, int bytes)
    {
        var list = new byte[bytes + 1];
        var at = 0;
        foreach (var waiting in together)
        {
            list[at++] = at == 1 ? (byte)'[' : (byte)',';
            waiting.Record.CopyTo(list, at);
            at += waiting.Record.Length;
        }
        list[at] = (byte)']';
        return list;
    }

    sealed class Waiting(byte[] record)
    {
        public byte[] Record { get; } = record;
        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
