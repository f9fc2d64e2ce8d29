using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Harness.Queue.Sqlite;

/// <summary>
/// All statements run on one thread. What waits while a transaction is written joins the next one, so that a hundred devices share one
/// flush to the disk; nobody is answered before that flush.
/// </summary>
sealed class WriterThread : IAsyncDisposable
{
    const int MostTogether = 512;

    readonly Channel<Work> _waiting = Channel.CreateUnbounded<Work>(new() { SingleReader = true });
    readonly Thread _thread;
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WriterThread(SqliteConnection connection)
    {
        _thread = new Thread(() => Run(connection)) { Name = "job queue", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Runs the work inside a transaction; returns when that is on the disk.</summary>
    public async ValueTask<T> DoAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        var item = new Work<T>(work);
        if (!_waiting.Writer.TryWrite(item)) throw new QueueUnavailableException("The job queue is closed.");
        return await item.Task.WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _ended.Task;
    }

    void Run(SqliteConnection connection)
    {
        var batch = new List<Work>(MostTogether);
        while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (batch.Count < MostTogether && _waiting.Reader.TryRead(out var work)) batch.Add(work);
            Together(connection, batch);
            batch.Clear();
        }
        connection.Dispose();
        _ended.SetResult();
    }

    /// <summary>One that fails must not take the others along: then each is repeated in a transaction of its own.</summary>
    static void Together(SqliteConnection connection, List<Work> batch)
    {
        if (Committed(connection, batch) is null)
        {
            foreach (var work in batch) work.Succeed();
            return;
        }
        foreach (var work in batch)
        {
            if (Committed(connection, [work]) is { } failure) work.Fail(failure);
            else work.Succeed();
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types",
        Justification = "What one request broke must not end the queue.")]
    static Exception? Committed(SqliteConnection connection, List<Work> batch)
    {
        try
        {
            Say(connection, "BEGIN IMMEDIATE");
            foreach (var work in batch) work.Execute();
            Say(connection, "COMMIT");
            return null;
        }
        catch (Exception failure)
        {
            RollBack(connection);
            return failure;
        }
    }

    // Some failures end the transaction by themselves; then there is nothing to roll back.
    static void RollBack(SqliteConnection connection)
    {
        try { Say(connection, "ROLLBACK"); }
        catch (SqliteException) { }
    }

    static void Say(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    abstract class Work
    {
        public abstract void Execute();
        public abstract void Succeed();
        public abstract void Fail(Exception failure);
    }

    sealed class Work<T>(Func<T> execute) : Work
    {
        readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        T? _value;

        public Task<T> Task => _done.Task;

        public override void Execute() => _value = execute();
        public override void Succeed() => _done.SetResult(_value!);
        public override void Fail(Exception failure) => _done.SetException(new QueueUnavailableException(
            $"The job queue cannot be written: {failure.Message} Free space on its disk, then repeat.", failure));
    }
}
