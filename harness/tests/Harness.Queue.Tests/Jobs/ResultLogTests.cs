using System.Text;
using Harness.Queue.Nats.Jobs;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace Harness.Queue.Tests.Jobs;

public sealed class ResultLogTests
{
    [Fact]
    public async Task A_result_that_another_coordinator_stored_meanwhile_is_the_jobs_one_result()
    {
        await using var store = await StoreAsync();
        await using ResultLog first = new(store.Streams), second = new(store.Streams);
        await first.AppendAsync(Result("a", 1));
        var taken = await first.AppendAsync(Result("b", 1));

        var answer = await second.AppendAsync(Result("b", 2));
        var own = await second.AppendAsync(Result("c", 1));

        Assert.Equal(taken, answer);
        Assert.Equal(3, own.Sequence);
        Assert.Equal(await NumbersAsync(store), second.After(0, 10));
    }

    [Fact]
    public async Task What_the_store_forgot_is_written_again_under_its_number()
    {
        await using var store = await StoreAsync();
        await using var log = new ResultLog(store.Streams);
        foreach (var job in "abc") await log.AppendAsync(Result($"{job}", 1));
        await store.ForgetResultsAsync();

        await log.AppendAsync(Result("d", 1));

        Assert.Equal(["a", "b", "c", "d"], log.After(0, 10).Select(stored => stored.Result.Lease.Job));
        Assert.Equal(await NumbersAsync(store), log.After(0, 10));
    }

    [Fact]
    public async Task Results_that_were_stored_one_by_one_are_read_like_those_stored_together()
    {
        await using var store = await StoreAsync();
        await store.Streams.WriteAsync("results.a", Encoding.UTF8.GetBytes(CanonicalJson.Write(Result("a", 1))), 0,
            TestContext.Current.CancellationToken);
        await using var log = new ResultLog(store.Streams);
        await log.CatchUpAsync(TestContext.Current.CancellationToken);
        await Task.WhenAll("bcdefgh".Select(job => log.AppendAsync(Result($"{job}", 1))));

        Assert.Equal(8, log.After(0, 10).Count);
        Assert.Equal("a", log.After(0, 1).Single().Result.Lease.Job);
        Assert.Equal(log.After(3, 2), log.After(0, 10).Skip(3).Take(2));
        Assert.Equal(await NumbersAsync(store), log.After(0, 10));
    }

    /// <summary>What a coordinator that starts now would know.</summary>
    static async Task<IReadOnlyList<StoredResult>> NumbersAsync(Store store)
    {
        await using var fresh = new ResultLog(store.Streams);
        await fresh.CatchUpAsync(TestContext.Current.CancellationToken);
        return fresh.After(0, 100);
    }

    static JobResult Result(string job, long token) => new(new(job, token, $"device-{token}"), RunState.Ok, null, "envelope", "signature");

    static async Task<Store> StoreAsync()
    {
        var nats = await NatsFixture.StartAsync();
        var store = new Store(nats, await nats.ConnectAsync());
        await store.Streams.CreateAsync(TestContext.Current.CancellationToken);
        return store;
    }

    sealed class Store(NatsFixture nats, NatsConnection connection) : IAsyncDisposable
    {
        public Streams Streams { get; } = new(new NatsJSContext(connection));

        public async Task ForgetResultsAsync()
        {
            await new NatsJSContext(connection).DeleteStreamAsync(Nats.Jobs.Streams.Results, TestContext.Current.CancellationToken);
            await Streams.CreateAsync(TestContext.Current.CancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await connection.DisposeAsync();
            await nats.DisposeAsync();
        }
    }
}
