using Harness.Queue.Nats.Jobs;
using NATS.Client.JetStream;
using static Harness.Queue.Tests.Samples;

namespace Harness.Queue.Tests.Jobs;

/// <summary>What every queue keeps. The tests wait for events and never measure time, so that a loaded machine cannot break them.</summary>
public abstract class QueueContract
{
    /// <summary>No lease of this kind passes within a test.</summary>
    static readonly QueueRules Patient = new() { Lease = TimeSpan.FromMinutes(10), BackOff = TimeSpan.FromMilliseconds(50) };
    /// <summary>Leases that are not renewed pass at once.</summary>
    static readonly QueueRules Hasty = new() { Lease = TimeSpan.FromMilliseconds(300), BackOff = TimeSpan.FromMilliseconds(50) };

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected abstract Task<QueueHost> OpenAsync(QueueRules rules);

    [Fact]
    public async Task The_same_job_twice_is_one_job()
    {
        await using var host = await OpenAsync(Patient);
        Assert.True(await host.Queue.EnqueueAsync(Job(1), Cancellation));
        Assert.False(await host.Queue.EnqueueAsync(Job(1), Cancellation));
        var lease = await host.LeasedAsync("one");
        Assert.False(await host.Queue.EnqueueAsync(Job(1), Cancellation));
        Assert.Null(await host.Queue.LeaseOrNullAsync("two", "cpu", Cancellation));
        await host.Queue.CompleteAsync(Result(lease), Cancellation);
        Assert.False(await host.Queue.EnqueueAsync(Job(1), Cancellation));
        Assert.Null(await host.Queue.LeaseOrNullAsync("two", "cpu", Cancellation));
    }

    [Fact]
    public async Task A_lease_carries_the_job_as_it_was_given()
    {
        await using var host = await OpenAsync(Patient);
        var job = Job(7, "cpu", new Artefact(ArtefactKind.Plan, "plan.yaml", new string('a', 64), 12)) with { Limits = new(90, 1 << 30) };
        await host.Queue.EnqueueAsync(job, Cancellation);
        var lease = await host.LeasedAsync("one");
        Assert.Equal(job.Id, lease.Job.Id);
        Assert.Equal(CanonicalJson.Write(job), CanonicalJson.Write(lease.Job));
        Assert.Equal(("one", 1), (lease.Device, lease.Token));
        Assert.Equal(job.Id, (await host.Ledger.JobOrNullAsync(job.Id, Cancellation))!.Id);
    }

    [Fact]
    public async Task Devices_get_jobs_of_their_class_only_the_oldest_first()
    {
        await using var host = await OpenAsync(Patient);
        foreach (var seed in Enumerable.Range(1, 3)) await host.Queue.EnqueueAsync(Job(seed), Cancellation);
        await host.Queue.EnqueueAsync(Job(9, "phone"), Cancellation);
        Assert.Equal(9, (await host.LeasedAsync("p", "phone")).Job.Trial.Seed);
        Assert.Null(await host.Queue.LeaseOrNullAsync("p", "phone", Cancellation));
        Assert.Null(await host.Queue.LeaseOrNullAsync("g", "gpu", Cancellation));
        var seeds = new List<int>();
        for (var device = 0; device < 3; device++) seeds.Add((await host.LeasedAsync($"d{device}")).Job.Trial.Seed);
        Assert.Equal([1, 2, 3], seeds);
    }

    [Fact]
    public async Task A_result_is_accepted_once_and_repeating_it_does_no_harm()
    {
        await using var host = await OpenAsync(Patient);
        await host.Queue.EnqueueAsync(Job(1), Cancellation);
        var lease = await host.LeasedAsync("one");
        Assert.Equal(Completion.Accepted, await host.Queue.CompleteAsync(Result(lease), Cancellation));
        Assert.Equal(Completion.Duplicate, await host.Queue.CompleteAsync(Result(lease), Cancellation));
        var stored = Assert.Single(await host.Ledger.ResultsAsync(0, 10, Cancellation));
        Assert.Equal(Result(lease), stored.Result);
        Assert.Equal(AttemptEnd.Completed, Assert.Single(await host.Ledger.AttemptsAsync(lease.Job.Id, Cancellation)).End);
        Assert.False(await host.Queue.RenewAsync(lease.Key, Cancellation));
        Assert.Empty(await host.Ledger.StaleAsync(lease.Job.Id, Cancellation));
    }

    [Fact]
    public async Task A_device_that_never_held_the_lease_can_neither_complete_renew_nor_release_it()
    {
        await using var host = await OpenAsync(Patient);
        await host.Queue.EnqueueAsync(Job(1), Cancellation);
        var lease = await host.LeasedAsync("one");
        foreach (var forged in new[] { lease.Key with { Device = "two" }, lease.Key with { Token = 2 },
            lease.Key with { Job = Job(2).Id } })
        {
            Assert.Equal(Completion.Unknown, await host.Queue.CompleteAsync(Result(lease) with { Lease = forged }, Cancellation));
            Assert.False(await host.Queue.RenewAsync(forged, Cancellation));
            Assert.Equal(Release.Stale, await host.Queue.ReleaseAsync(forged, "forged", Cancellation));
        }
        Assert.Empty(await host.Ledger.ResultsAsync(0, 10, Cancellation));
        Assert.Empty(await host.Ledger.StaleAsync(lease.Job.Id, Cancellation));
        Assert.Equal(Completion.Accepted, await host.Queue.CompleteAsync(Result(lease), Cancellation));
    }

    [Fact]
    public async Task A_late_result_of_a_lease_that_went_to_another_is_kept_apart()
    {
        await using var host = await OpenAsync(Hasty);
        await host.Queue.EnqueueAsync(Job(1), Cancellation);
        var first = await host.LeasedAsync("one");
        var second = await host.LeasedAsync("two");
        Assert.True(second.Token > first.Token);
        Assert.False(await host.Queue.RenewAsync(first.Key, Cancellation));
        Assert.Equal(Completion.Stale, await host.Queue.CompleteAsync(Result(first), Cancellation));
        Assert.Equal(Completion.Stale, await host.Queue.CompleteAsync(Result(first), Cancellation));
        Assert.Equal(Completion.Accepted, await host.Queue.CompleteAsync(Result(second), Cancellation));
        Assert.Equal(Completion.Stale, await host.Queue.CompleteAsync(Result(first, word: "again"), Cancellation));
        Assert.Equal(second.Key, Assert.Single(await host.Ledger.ResultsAsync(0, 10, Cancellation)).Result.Lease);
        Assert.Equal(Result(first), Assert.Single(await host.Ledger.StaleAsync(first.Job.Id, Cancellation)));
        Assert.Equal([AttemptEnd.Stale, AttemptEnd.Completed],
            (await host.Ledger.AttemptsAsync(first.Job.Id, Cancellation)).Select(attempt => attempt.End));
    }

    [Fact]
    public async Task A_late_result_counts_while_nobody_else_has_the_job()
    {
        await using var host = await OpenAsync(Hasty);
        await host.Queue.EnqueueAsync(Job(1), Cancellation);
        var lease = await host.LeasedAsync("one");
        await Task.Delay(Hasty.Lease * 2, Cancellation);
        Assert.Equal(Completion.Accepted, await host.Queue.CompleteAsync(Result(lease), Cancellation));
        Assert.Null(await host.Queue.LeaseOrNullAsync("two", "cpu", Cancellation));
    }

    [Fact]
    public async Task A_job_given_back_waits_prefers_another_device_and_keeps_its_attempts()
    {
        await using var host = await OpenAsync(Patient with { BackOff = TimeSpan.FromMinutes(1) });
        await host.Queue.EnqueueAsync(Job(1), Cancellation);
        var lease = await host.LeasedAsync("one");
        Assert.Equal(Release.Requeued, await host.Queue.ReleaseAsync(lease.Key, "the cable is out", Cancellation));
        Assert.Null(await host.Queue.LeaseOrNullAsync("two", "cpu", Cancellation));
        Assert.Equal(Release.Stale, await host.Queue.ReleaseAsync(lease.Key, "again", Cancellation));
        var attempt = Assert.Single(await host.Ledger.AttemptsAsync(lease.Job.Id, Cancellation));
        Assert.Equal((AttemptEnd.Released, "the cable is out", "one"), (attempt.End, attempt.Reason, attempt.Device));
    }

    [Fact]
    public async Task The_device_that_failed_gets_the_job_later_than_the_others()
    {
        await using var host = await OpenAsync(Patient with { BackOff = TimeSpan.FromSeconds(1) });
        await host.Queue.EnqueueAsync(Job(1), Cancellation);
        await host.Queue.ReleaseAsync((await host.LeasedAsync("one")).Key, "it fell", Cancellation);
        // Both ask all the time; who failed may not be the one, unless the other one never asked within its whole advantage.
        var asking = new[] { host.LeasedAsync("one"), host.LeasedAsync("two") };
        Assert.Equal("two", (await await Task.WhenAny(asking)).Device);
    }

    [Fact]
    public async Task After_two_retries_the_failure_is_the_result()
    {
        await using var host = await OpenAsync(Patient);
        await host.Queue.EnqueueAsync(Job(1), Cancellation);
        foreach (var _ in Enumerable.Range(0, 2))
            Assert.Equal(Release.Requeued, await host.Queue.ReleaseAsync((await host.LeasedAsync("one")).Key, "cable", Cancellation));
        var last = await host.LeasedAsync("one");
        Assert.Equal(Release.Exhausted, await host.Queue.ReleaseAsync(last.Key, "cable", Cancellation));
        Assert.Equal(Completion.Accepted, await host.Queue.CompleteAsync(Result(last, RunState.InfraError), Cancellation));
        Assert.Equal([AttemptEnd.Released, AttemptEnd.Released, AttemptEnd.Completed],
            (await host.Ledger.AttemptsAsync(last.Job.Id, Cancellation)).Select(attempt => attempt.End));
    }

    [Fact]
    public async Task A_job_that_takes_its_devices_down_is_given_up_with_the_reason()
    {
        await using var host = await OpenAsync(Hasty with { Losses = 2 });
        await host.Queue.EnqueueAsync(Job(1), Cancellation);
        for (var device = 0; device < 3; device++) await host.LeasedAsync($"d{device}");
        IReadOnlyList<StoredResult> results;
        while ((results = await host.Ledger.ResultsAsync(0, 10, Cancellation)).Count == 0)
            Assert.Null(await host.Queue.LeaseOrNullAsync("last", "cpu", Cancellation));
        Assert.Equal(RunState.InfraError, Assert.Single(results).Result.State);
        Assert.Contains("3 devices took this job", results[0].Result.Reason);
        Assert.Equal(3, (await host.Ledger.AttemptsAsync(Job(1).Id, Cancellation)).Count(attempt => attempt.End == AttemptEnd.Lost));
    }

    [Fact]
    public async Task A_queue_that_is_opened_again_knows_jobs_leases_tokens_and_results()
    {
        await using var host = await OpenAsync(Patient);
        foreach (var seed in Enumerable.Range(1, 3)) await host.Queue.EnqueueAsync(Job(seed), Cancellation);
        var ended = await host.LeasedAsync("one");
        await host.Queue.CompleteAsync(Result(ended), Cancellation);
        var held = await host.LeasedAsync("one");
        await host.ReopenAsync();
        Assert.Equal(ended.Key, Assert.Single(await host.Ledger.ResultsAsync(0, 10, Cancellation)).Result.Lease);
        Assert.False(await host.Queue.EnqueueAsync(ended.Job, Cancellation));
        Assert.False(await host.Queue.EnqueueAsync(held.Job, Cancellation));
        Assert.Equal(Completion.Duplicate, await host.Queue.CompleteAsync(Result(ended), Cancellation));
        Assert.True(await host.Queue.RenewAsync(held.Key, Cancellation));
        var third = await host.LeasedAsync("two");
        Assert.Equal(3, third.Job.Trial.Seed);
        Assert.Equal(Completion.Accepted, await host.Queue.CompleteAsync(Result(held), Cancellation));
        Assert.Equal(Completion.Accepted, await host.Queue.CompleteAsync(Result(third), Cancellation));
        Assert.Null(await host.Queue.LeaseOrNullAsync("one", "cpu", Cancellation));
    }

    [Fact]
    public async Task A_token_grows_across_a_restart()
    {
        await using var host = await OpenAsync(Hasty);
        await host.Queue.EnqueueAsync(Job(1), Cancellation);
        var before = await host.LeasedAsync("one");
        await host.ReopenAsync();
        var after = await host.LeasedAsync("two");
        Assert.True(after.Token > before.Token, $"{after.Token} after {before.Token}");
        Assert.Equal(Completion.Stale, await host.Queue.CompleteAsync(Result(before), Cancellation));
    }

    [Fact]
    public async Task Many_devices_at_once_end_every_job_exactly_once()
    {
        const int jobs = 300, devices = 8;
        await using var host = await OpenAsync(Patient);
        await Task.WhenAll(Enumerable.Range(0, jobs).Select(seed => host.Queue.EnqueueAsync(Job(seed), Cancellation).AsTask()));
        var leased = 0;
        await Task.WhenAll(Enumerable.Range(0, devices).Select(async device =>
        {
            while (Volatile.Read(ref leased) < jobs)
            {
                if (await host.Queue.LeaseOrNullAsync($"d{device}", "cpu", Cancellation) is not { } lease) continue;
                Interlocked.Increment(ref leased);
                Assert.Equal(Completion.Accepted, await host.Queue.CompleteAsync(Result(lease), Cancellation));
            }
        }));
        var results = new List<StoredResult>();
        while (await host.Ledger.ResultsAsync(results.LastOrDefault()?.Sequence ?? 0, 70, Cancellation) is { Count: > 0 } page)
            results.AddRange(page);
        Assert.Equal(jobs, results.Count);
        Assert.Equal(jobs, results.DistinctBy(result => result.Result.Lease.Job).Count());
        Assert.Equal(results.OrderBy(result => result.Sequence), results);
        // A server may still be taking the last acknowledgements in.
        while ((await host.Ledger.DepthsAsync(Cancellation)).Count > 0) await Task.Delay(20, Cancellation);
    }

    [Fact]
    public async Task Depths_tell_what_waits_and_what_is_leased()
    {
        await using var host = await OpenAsync(Patient);
        foreach (var seed in Enumerable.Range(1, 3)) await host.Queue.EnqueueAsync(Job(seed), Cancellation);
        await host.Queue.EnqueueAsync(Job(1, "phone"), Cancellation);
        await host.LeasedAsync("one");
        Assert.Equal([new Depth("cpu", 2, 1), new Depth("phone", 1, 0)], await host.Ledger.DepthsAsync(Cancellation));
    }
}

public sealed class SqliteJobQueueTests : QueueContract
{
    private protected override Task<QueueHost> OpenAsync(QueueRules rules) => Task.FromResult<QueueHost>(new SqliteHost(rules));
}

public sealed class NatsJobQueueTests : QueueContract
{
    private protected override async Task<QueueHost> OpenAsync(QueueRules rules) => await NatsHost.StartAsync(rules);

    [Fact]
    public async Task A_consumer_that_the_server_lost_is_made_again()
    {
        await using var host = await NatsHost.StartAsync(QueueRules.Default);
        await host.Queue.EnqueueAsync(Samples.Job(1), TestContext.Current.CancellationToken);
        await using (var connection = await host.Nats.ConnectAsync())
            await new NatsJSContext(connection).DeleteConsumerAsync(Streams.Jobs, "class-cpu", TestContext.Current.CancellationToken);

        var failures = 0;
        while (true)
        {
            try
            {
                var lease = await host.Queue.LeaseOrNullAsync("one", "cpu", TestContext.Current.CancellationToken);
                Assert.Equal(Samples.Job(1), lease!.Job);
                break;
            }
            catch (QueueUnavailableException) when (failures++ < 5) { }
        }
        Assert.True(failures > 0, "the consumer was not missed");
    }
}
