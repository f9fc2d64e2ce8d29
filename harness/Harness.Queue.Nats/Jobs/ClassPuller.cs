using System.Globalization;
using System.Text;
using System.Threading.Channels;
using NATS.Client.Core;

namespace Harness.Queue.Nats.Jobs;

/// <summary>A job as the server handed it out.</summary>
/// <param name="Ack">The subject that acknowledges this delivery; it also tells how often the job was delivered.</param>
readonly record struct Delivery(string Subject, byte[] Content, string Ack)
{
    /// <summary>
    /// How often the server has handed the job out, this time included: <c>$JS.ACK.STREAM.CONSUMER.COUNT</c>, with domain and account in
    /// front of the stream on newer servers.
    /// </summary>
    public long Count => long.Parse(Ack.Split('.') is { Length: > 9 } words ? words[6] : Ack.Split('.')[4], CultureInfo.InvariantCulture);
}

/// <summary>
/// Fetches jobs of one class for the devices that ask at the moment, all of them with one request. Nothing is fetched that nobody waits
/// for, because the lease of a job begins when the server hands it out. All requests share one subscription, which costs a tenth of one
/// for each. A server that was killed may come back without the subscription, or with a consumer that answers no more: after a silence the
/// one is made again, after several the other.
/// </summary>
sealed class ClassPuller : IAsyncDisposable
{
    const int MostTogether = 256, SilencesOfConsumer = 4;
    /// <summary>Statuses by which the server says that there is no such consumer.</summary>
    const int NobodyThere = 503, Gone = 409;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    readonly NatsConnection _connection;
    readonly Func<bool, ValueTask<string>> _consumer;
    readonly Func<Delivery, string, Task<Lease?>> _take;
    readonly Channel<Demand> _demands = Channel.CreateUnbounded<Demand>(new() { SingleReader = true });
    readonly CancellationTokenSource _ended = new();
    string _request = "", _inbox = "";
    INatsSub<byte[]>? _answers;
    Task _pulling = Task.CompletedTask;
    int _number, _silences;

    ClassPuller(NatsConnection connection, Func<bool, ValueTask<string>> consumer, Func<Delivery, string, Task<Lease?>> take) =>
        (_connection, _consumer, _take) = (connection, consumer, take);

    /// <param name="consumer">Makes the consumer and gives its name; afresh where it is told so.</param>
    /// <param name="take">Turns a delivery into a lease for a device; null where the device must not have it now.</param>
    public static async Task<ClassPuller> StartAsync(NatsConnection connection, Func<bool, ValueTask<string>> consumer,
        Func<Delivery, string, Task<Lease?>> take)
    {
        var puller = new ClassPuller(connection, consumer, take);
        await puller.ListenAsync(afresh: false);
        puller._pulling = puller.PullAsync();
        return puller;
    }

    async Task ListenAsync(bool afresh)
    {
        if (_answers is not null) await _answers.DisposeAsync();
        _request = $"$JS.API.CONSUMER.MSG.NEXT.{Streams.Jobs}.{await _consumer(afresh)}";
        // Under the prefix of inboxes the client would look for a request of its own.
        _inbox = $"_PULL.{Nuid.NewNuid()}";
        _answers = await _connection.SubscribeCoreAsync<byte[]>($"{_inbox}.*", cancellationToken: _ended.Token);
    }

    public Task<Lease?> LeaseOrNullAsync(string device)
    {
        var demand = new Demand(device);
        return _demands.Writer.TryWrite(demand) ? demand.Answer.Task
            : Task.FromException<Lease?>(new QueueUnavailableException("The job queue is closed."));
    }

    public async ValueTask DisposeAsync()
    {
        _demands.Writer.TryComplete();
        await _ended.CancelAsync();
        await _pulling;
        if (_answers is not null) await _answers.DisposeAsync();
        _ended.Dispose();
    }

    async Task PullAsync()
    {
        var asking = new Queue<Demand>();
        while (await _demands.Reader.WaitToReadAsync())
        {
            while (asking.Count < MostTogether && _demands.Reader.TryRead(out var demand)) asking.Enqueue(demand);
            try
            {
                if (_silences > 0) await ListenAsync(afresh: _silences % SilencesOfConsumer == 0);
                await ServeAsync(asking);
                _silences = 0;
                while (asking.TryDequeue(out var empty)) empty.Answer.TrySetResult(null);
            }
            catch (Exception failure) when (failure is NatsException or OperationCanceledException or TimeoutException or IOException
                or HarnessException)
            {
                _silences++;
                while (asking.TryDequeue(out var demand))
                    demand.Answer.TrySetException(Silent(failure));
            }
        }
    }

    /// <summary>Asks for as many jobs as there are demands; returns when all have come or the server says that there are no more.</summary>
    async Task ServeAsync(Queue<Demand> asking)
    {
        var answer = $"{_inbox}.{++_number}";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        limit.CancelAfter(Patience);
        await _connection.PublishAsync(_request, Encoding.ASCII.GetBytes($"{{\"batch\":{asking.Count},\"no_wait\":true}}"), replyTo: answer,
            cancellationToken: limit.Token);
        while (asking.Count > 0)
        {
            var message = await _answers!.Msgs.ReadAsync(limit.Token);
            // A status has no content to acknowledge; one of an earlier request, which was given up, ends nothing.
            if (message.ReplyTo?.StartsWith("$JS.ACK.", StringComparison.Ordinal) != true)
            {
                if (message.Subject != answer) continue;
                if (message.Headers?.Code is NobodyThere or Gone)
                    throw new NatsException($"The consumer is gone (status {message.Headers.Code}).");
                return;
            }
            _ = GiveAsync(new(message.Subject, message.Data!, message.ReplyTo), asking.Dequeue());
        }
    }

    async Task GiveAsync(Delivery delivery, Demand demand)
    {
        try
        {
            if (await _take(delivery, demand.Device) is { } lease) demand.Answer.TrySetResult(lease);
            // This job was none for the device; the next one may be.
            else if (!_demands.Writer.TryWrite(demand)) demand.Answer.TrySetResult(null);
        }
        catch (Exception failure) when (failure is HarnessException or OperationCanceledException or NatsException)
        {
            demand.Answer.TrySetException(failure is HarnessException ? failure : Silent(failure));
        }
    }

    static QueueUnavailableException Silent(Exception failure) =>
        new($"The store of the queue does not answer: {failure.Message}", failure);

    sealed class Demand(string device)
    {
        public string Device { get; } = device;
        public TaskCompletionSource<Lease?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
