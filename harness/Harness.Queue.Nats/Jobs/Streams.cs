using System.Text.Json;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Harness.Queue.Nats.Jobs;

/// <summary>The streams of the queue, and writing to them so that a lost acknowledgement does no harm.</summary>
sealed class Streams(INatsJSContext context)
{
    public const string Jobs = "JOBS", Leases = "LEASES", Results = "RESULTS", Stale = "STALE";
    /// <summary>First word of the subjects under which first leases are written together.</summary>
    public const string Firsts = "firsts";
    /// <summary>The subject under which results are written together.</summary>
    public const string ResultSubject = "results.many";

    const string Prefix = "class-";
    const int WrongLastSequence = 10071;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150), Silence = TimeSpan.FromSeconds(10);
    const int Tries = 40;

    /// <summary>What became of a message that had to follow a certain one.</summary>
    public readonly record struct Written(bool Fits, ulong Sequence);

    public async Task CreateAsync(CancellationToken cancellation)
    {
        await EnsureAsync(new(Jobs, ["jobs.*.*"]) { Retention = StreamConfigRetention.Workqueue }, cancellation);
        await EnsureAsync(new(Leases, ["leases.*", $"{Firsts}.*"]) { MaxMsgsPerSubject = 1 }, cancellation);
        await EnsureAsync(new(Results, ["results.*"]), cancellation);
        await EnsureAsync(new(Stale, ["stale.*.*"]), cancellation);
    }

    /// <summary>Makes the durable consumer of a class and gives its name.</summary>
    /// <param name="afresh">Throws away the one that is there: what it had handed out is handed out again.</param>
    public ValueTask<string> ConsumerAsync(string deviceClass, TimeSpan lease, bool afresh, CancellationToken cancellation) =>
        TryAsync(async () =>
        {
            if (afresh) await DeleteConsumerAsync(Prefix + deviceClass, cancellation);
            return (await context.CreateOrUpdateConsumerAsync(Jobs, new ConsumerConfig(Prefix + deviceClass)
            {
                FilterSubject = $"jobs.{deviceClass}.*", AckPolicy = ConsumerConfigAckPolicy.Explicit, AckWait = lease, MaxDeliver = -1,
                MaxAckPending = 1_000_000, MaxWaiting = 10_000,
            }, cancellation)).Info.Name;
        }, cancellation);

    async Task DeleteConsumerAsync(string name, CancellationToken cancellation)
    {
        try { await context.DeleteConsumerAsync(Jobs, name, cancellation); }
        catch (NatsJSApiException gone) when (gone.Error.Code == 404) { }
    }

    /// <summary>Writes a message that must follow the given one in its subject. Repeated until the store has answered.</summary>
    public ValueTask<Written> WriteAsync(string subject, byte[] content, ulong after, CancellationToken cancellation) =>
        PutAsync(subject, content, new() { ExpectedLastSubjectSequence = after, RetryAttempts = 1 }, cancellation);

    /// <summary>Writes a message that must follow the given one in its whole stream. Repeated until the store has answered.</summary>
    public ValueTask<Written> ContinueAsync(string subject, byte[] content, ulong after) =>
        PutAsync(subject, content, new() { ExpectedLastSequence = after, RetryAttempts = 1 }, CancellationToken.None);

    ValueTask<Written> PutAsync(string subject, byte[] content, NatsJSPubOpts rules, CancellationToken cancellation) =>
        TryAsync(async () =>
        {
            var answer = await context.PublishAsync(subject, content, opts: rules, cancellationToken: cancellation);
            if (answer.Error is null) return new Written(true, answer.Seq);
            if (answer.Error.ErrCode == WrongLastSequence) return new Written(false, 0);
            throw new QueueUnavailableException($"The store refused '{subject}': {answer.Error.Description}");
        }, cancellation);

    /// <summary>The last message of a subject, or null.</summary>
    public ValueTask<(T Value, ulong Sequence)?> LastOrNullAsync<T>(string stream, string subject, CancellationToken cancellation)
        where T : class => TryAsync<(T, ulong)?>(async () =>
        {
            try
            {
                var found = await (await context.GetStreamAsync(stream, cancellationToken: cancellation))
                    .GetAsync(new StreamMsgGetRequest { LastBySubj = subject }, cancellation);
                return (Read<T>(found.Message.Data.ToArray()), (ulong)found.Message.Seq);
            }
            catch (NatsJSApiException missing) when (missing.Error.Code == 404)
            {
                return null;
            }
        }, cancellation);

    /// <summary>Everything in a stream behind a sequence number, in order; 0 is from the beginning.</summary>
    public ValueTask<List<(byte[] Content, ulong Sequence, string Subject)>> AllAsync(string stream, ulong after,
        CancellationToken cancellation) => TryAsync(async () =>
        {
            var all = new List<(byte[], ulong, string)>();
            var state = (await context.GetStreamAsync(stream, cancellationToken: cancellation)).Info.State;
            if (state.Messages == 0 || (ulong)state.LastSeq <= after) return all;
            var consumer = await context.CreateOrderedConsumerAsync(stream, new()
            {
                DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartSequence, OptStartSeq = after + 1,
            }, cancellation);
            // A server that dies meanwhile sends no more, and says nothing.
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            silence.CancelAfter(Silence);
            await foreach (var message in consumer.ConsumeAsync<byte[]>(cancellationToken: silence.Token))
            {
                silence.CancelAfter(Silence);
                all.Add((message.Data!, message.Metadata!.Value.Sequence.Stream, message.Subject));
                if (message.Metadata.Value.NumPending == 0) return all;
            }
            throw new TimeoutException($"The stream {stream} broke off.");
        }, cancellation);

    public ValueTask<ulong> LastSequenceAsync(string stream, CancellationToken cancellation) => TryAsync(async () =>
        (ulong)(await context.GetStreamAsync(stream, cancellationToken: cancellation)).Info.State.LastSeq, cancellation);

    /// <summary>Classes that have a consumer.</summary>
    public Task<List<string>> ClassesAsync(CancellationToken cancellation) => TryAsync(async () =>
    {
        var classes = new List<string>();
        await foreach (var name in context.ListConsumerNamesAsync(Jobs, cancellation))
            if (name.StartsWith(Prefix, StringComparison.Ordinal)) classes.Add(name[Prefix.Length..]);
        return classes;
    }, cancellation).AsTask();

    public ValueTask<(int Waiting, int Leased)> DepthAsync(string deviceClass, CancellationToken cancellation) => TryAsync(async () =>
    {
        var info = (await context.GetConsumerAsync(Jobs, Prefix + deviceClass, cancellation)).Info;
        return ((int)info.NumPending, (int)info.NumAckPending);
    }, cancellation);

    /// <summary>Repeats what the server could not answer: it may be starting anew.</summary>
    static async ValueTask<T> TryAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work();
            }
            catch (Exception failure) when (failure is NatsException or TimeoutException or IOException
                || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                if (attempt == Tries) throw new QueueUnavailableException($"The store of the queue does not answer: {failure.Message}",
                    failure);
                await Task.Delay(Pause, TimeProvider.System, cancellation);
            }
        }
    }

    async Task EnsureAsync(StreamConfig wanted, CancellationToken cancellation)
    {
        wanted.Storage = StreamConfigStorage.File;
        wanted.DuplicateWindow = TimeSpan.FromMinutes(2);
        await TryAsync(async () => await context.CreateOrUpdateStreamAsync(wanted, cancellation), cancellation);
    }

    public static T Read<T>(byte[] content) => JsonSerializer.Deserialize<T>(content, CanonicalJson.Options)!;

    public static byte[] Bytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, CanonicalJson.Options);
}
