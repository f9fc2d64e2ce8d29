using System.Threading.Channels;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Harness.Queue.Nats.Jobs;

/// <summary>
/// Fetches jobs of one class for the devices that ask at the moment, all of them with one request; nothing is fetched that nobody waits
/// for,
/// because the lease of a job begins when the server hands it out.
/// </summary>
sealed class ClassPuller : IAsyncDisposable
{
    const int MostTogether = 256;

    readonly INatsJSConsumer _consumer;
    readonly Func<INatsJSMsg<byte[]>, string, Task<Lease?>> _take;
    readonly Channel<Demand> _demands = Channel.CreateUnbounded<Demand>(new() { SingleReader = true });
    readonly CancellationTokenSource _ended = new();
    readonly Task _pulling;

    /// <param name="take">Turns a message into a lease for a device; null where the device must not have it now.</param>
    public ClassPuller(INatsJSConsumer consumer, Func<INatsJSMsg<byte[]>, string, Task<Lease?>> take)
    {
        (_consumer, _take) = (consumer, take);
        _pulling = PullAsync();
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
        _ended.Dispose();
    }

    async Task PullAsync()
    {
        while (await _demands.Reader.WaitToReadAsync())
        {
            var asking = new List<Demand>();
            while (asking.Count < MostTogether && _demands.Reader.TryRead(out var demand)) asking.Add(demand);
            await ServeAsync(asking);
        }
    }

    async Task ServeAsync(List<Demand> asking)
    {
        var served = 0;
        try
        {
            await foreach (var message in _consumer.FetchNoWaitAsync<byte[]>(new NatsJSFetchOpts { MaxMsgs = asking.Count },
                cancellationToken: _ended.Token))
                if (served < asking.Count) _ = GiveAsync(message, asking[served++]);
            foreach (var empty in asking.Skip(served)) empty.Answer.TrySetResult(null);
        }
        catch (Exception failure) when (failure is NatsException or OperationCanceledException or TimeoutException or IOException)
        {
            foreach (var demand in asking.Skip(served))
                demand.Answer.TrySetException(new QueueUnavailableException($"The store of the queue does not answer: {failure.Message}",
                    failure));
        }
    }

    async Task GiveAsync(INatsJSMsg<byte[]> message, Demand demand)
    {
        try
        {
            if (await _take(message, demand.Device) is { } lease) demand.Answer.TrySetResult(lease);
            // This message was none for the device; the next one may be.
            else if (!_demands.Writer.TryWrite(demand)) demand.Answer.TrySetResult(null);
        }
        catch (Exception failure) when (failure is HarnessException or OperationCanceledException or NatsException)
        {
            demand.Answer.TrySetException(failure is HarnessException ? failure : new QueueUnavailableException(failure.Message, failure));
        }
    }

    sealed class Demand(string device)
    {
        public string Device { get; } = device;
        public TaskCompletionSource<Lease?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
