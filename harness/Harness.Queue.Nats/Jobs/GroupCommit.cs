using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Harness.Queue.Nats.Jobs;

/// <summary>Something to be stored, and its text in JSON.</summary>
readonly record struct Written<T>(T Value, byte[] Content);

/// <summary>
/// Stores what many ask to have stored at the same time with one message: a fleet asks for many things at once, and a message costs the
/// same with one record or with a hundred. While one message is on its way, the next one gathers.
/// </summary>
sealed class GroupCommit<T, TAnswer> : IAsyncDisposable
{
    const int MostTogether = 256, MostBytes = Protocol.Frame.PieceBytes;

    readonly Func<IReadOnlyList<Written<T>>, Task<IReadOnlyList<TAnswer>>> _store;
    readonly Channel<Waiting> _waiting = Channel.CreateUnbounded<Waiting>(new() { SingleReader = true });
    readonly Task _storing;

    /// <param name="store">Stores the records and gives an answer for each.</param>
    public GroupCommit(Func<IReadOnlyList<Written<T>>, Task<IReadOnlyList<TAnswer>>> store)
    {
        _store = store;
        _storing = StoreAsync();
    }

    /// <summary>Returns when the record is durable.</summary>
    public Task<TAnswer> AppendAsync(T value)
    {
        var waiting = new Waiting(new(value, Streams.Bytes(value)));
        return _waiting.Writer.TryWrite(waiting) ? waiting.Answer.Task
            : Task.FromException<TAnswer>(new QueueUnavailableException("The job queue is closed."));
    }

    /// <summary>The message that holds the records: a JSON array.</summary>
    public static byte[] Message(IReadOnlyList<Written<T>> records)
    {
        var message = new byte[records.Sum(record => record.Content.Length + 1) + 1];
        var at = 0;
        foreach (var record in records)
        {
            message[at] = (byte)(at == 0 ? '[' : ',');
            record.Content.CopyTo(message, at + 1);
            at += record.Content.Length + 1;
        }
        message[at] = (byte)']';
        return message;
    }

    public static IReadOnlyList<T> Read(byte[] message) => Streams.Read<IReadOnlyList<T>>(message);

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _storing;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types",
        Justification = "Whatever befalls one message is told to those who wait for it; the next one must go out.")]
    async Task StoreAsync()
    {
        var together = new List<Waiting>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            Gather(together);
            try
            {
                var answers = await _store([.. together.Select(waiting => waiting.Record)]);
                for (var index = 0; index < together.Count; index++) together[index].Answer.TrySetResult(answers[index]);
            }
            catch (Exception failure)
            {
                foreach (var waiting in together) waiting.Answer.TrySetException(failure);
            }
            together.Clear();
        }
    }

    void Gather(List<Waiting> together)
    {
        var bytes = 0;
        while (together.Count < MostTogether && _waiting.Reader.TryPeek(out var next)
            && (together.Count == 0 || bytes + next.Record.Content.Length < MostBytes) && _waiting.Reader.TryRead(out next))
        {
            together.Add(next);
            bytes += next.Record.Content.Length;
        }
    }

    sealed class Waiting(Written<T> record)
    {
        public Written<T> Record { get; } = record;
        public TaskCompletionSource<TAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
