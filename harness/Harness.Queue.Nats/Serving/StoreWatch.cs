using Harness.Queue.Coordinating;
using Harness.Queue.Nats.Jobs;
using NATS.Client.Core;

namespace Harness.Queue.Nats.Serving;

/// <summary>
/// Asks the streams of a child now and then whether they answer. A nats-server that met a full disk answers no more, also when there is
/// room again, and does not even end when it is asked to (seen with 2.9.10); killed, it starts with everything that it had acknowledged.
/// </summary>
sealed class StoreWatch : IAsyncDisposable
{
    const int Silences = 2;
    static readonly string[] Asked = [Streams.Jobs, Streams.Leases, Streams.Results, Streams.Stale];

    readonly NatsConnection _connection;
    readonly NatsServer _server;
    readonly FleetJournal _journal;
    readonly TimeSpan _patience;
    readonly CancellationTokenSource _ended = new();
    readonly Task _watching;

    /// <param name="patience">How long an answer may take; two that take longer are the end of the server.</param>
    public StoreWatch(NatsConnection connection, NatsServer server, FleetJournal journal, TimeSpan patience)
    {
        (_connection, _server, _journal, _patience) = (connection, server, journal, patience);
        _watching = WatchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _watching;
        _ended.Dispose();
    }

    async Task WatchAsync()
    {
        var silences = 0;
        using var timer = new PeriodicTimer(_patience / 2, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token))
            {
                // Without a connection the server is starting, and its keeper sees to it.
                silences = _connection.ConnectionState != NatsConnectionState.Open || await AnswersAsync() ? 0 : silences + 1;
                if (silences < Silences) continue;
                _journal.Note("server", $"the streams have not answered for {2 * _patience.TotalSeconds:0} s, {_server.Room}; "
                    + "the server is killed and started again");
                _server.Crash();
                silences = 0;
            }
        }
        catch (OperationCanceledException) { }
    }

    async Task<bool> AnswersAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        limit.CancelAfter(_patience);
        try
        {
            foreach (var stream in Asked)
                await _connection.RequestAsync<byte[], byte[]>($"$JS.API.STREAM.INFO.{stream}", [],
                    replyOpts: new NatsSubOpts { Timeout = _patience }, cancellationToken: limit.Token);
            return true;
        }
        catch (Exception silent) when (silent is NatsException || (silent is OperationCanceledException
            && !_ended.IsCancellationRequested))
        {
            return false;
        }
    }
}
