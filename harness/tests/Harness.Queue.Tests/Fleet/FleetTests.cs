using System.Text;
using System.Text.Json;
using Harness.Agent.Serving;
using Harness.Queue.Blobs;
using Harness.Queue.Coordinating;
using Harness.Queue.Protocol;
using Harness.Testing;

namespace Harness.Queue.Tests.Fleet;

/// <summary>Coordinator, server, links and agents as in life; only the device under the agent is scripted.</summary>
public sealed class FleetTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Jobs_go_out_to_devices_and_signed_results_come_back()
    {
        await using var host = await FleetHost.StartAsync();
        await host.EnrolAsync("one");
        await host.EnrolAsync("two");
        await host.SubmitAsync([.. Enumerable.Range(0, 6).Select(seed => Samples.Job(seed))]);
        var devices = new[] { "one", "two" }.ToDictionary(name => name, _ => new ScriptedAgent(FleetHost.Success));
        await RunAsync(host, devices, results: 6);

        var results = await host.ResultsAsync(6);
        Assert.Equal(6, results.DistinctBy(result => result.Result.Lease.Job).Count());
        Assert.Equal(6, devices.Values.Sum(device => device.Trials.Count));
        foreach (var result in results.Select(stored => stored.Result))
        {
            var envelope = JsonSerializer.Deserialize<Envelope>(result.Envelope, CanonicalJson.Options)!;
            Assert.Equal((result.Lease.Device, "cpu", RunState.Ok), (envelope.Card.Id, envelope.Card.Class, envelope.State));
            Assert.True(Nats.Keys.DeviceKey.Confirms(host.Coordinator.Parts.Devices.Find(envelope.Device).PublicKey,
                Encoding.UTF8.GetBytes(result.Envelope), result.Signature));
            Assert.NotNull(envelope.Clock);
            Assert.InRange(envelope.Clock.Seconds, -envelope.Clock.Uncertainty - 0.5, envelope.Clock.Uncertainty + 0.5);
        }
        Assert.Equal(6, host.Counts["accepted"]);
        // The server may refuse a new key for the moment until it has read the new list of users; nothing else is refused.
        Assert.DoesNotContain(host.Counts.Keys, name => name.StartsWith("refused", StringComparison.Ordinal)
            && name != "refused:not_enrolled");
    }

    [Fact]
    public async Task A_bundle_arrives_whole_verified_and_in_pieces()
    {
        await using var host = await FleetHost.StartAsync();
        await host.EnrolAsync("one");
        var content = Enumerable.Range(0, Frame.PieceBytes * 2 + 17).Select(index => (byte)(index * 31 / 7)).ToArray();
        var artefact = new Artefact(ArtefactKind.Weights, "weights/net.bin", BlobHash.Of(content), content.Length);
        for (var held = 0; held < content.Length; held += Frame.PieceBytes)
            await host.Operators.AskAsync<BlobRequest, BlobAnswer>("put", new(artefact.Hash, held, content.Length), Cancellation,
                content.AsMemory(held, Math.Min(Frame.PieceBytes, content.Length - held)));
        await host.SubmitAsync(Samples.Job(1, "cpu", artefact));

        byte[]? found = null;
        var device = new ScriptedAgent(FleetHost.Success);
        await using var link = host.LinkOf("one");
        var parts = host.Agent("one", device, link) with
        {
            MostJobs = 1,
            Open = (_, bundle) =>
            {
                found = File.ReadAllBytes(Assert.Single(bundle).File.FullName);
                return device;
            },
        };
        Assert.Equal(AgentEnd.Enough, await new FleetAgent(parts).RunAsync(Cancellation));
        Assert.Equal(content, found);
        Assert.Equal(RunState.Ok, Assert.Single(await host.ResultsAsync(1)).Result.State);
    }

    [Fact]
    public async Task A_run_that_fails_for_the_devices_sake_goes_to_another_attempt_and_the_device_into_quarantine()
    {
        await using var host = await FleetHost.StartAsync();
        await host.EnrolAsync("broken");
        await host.SubmitAsync(Samples.Job(1));
        var device = new ScriptedAgent(ScriptedAgent.Failure(RunState.InfraError, "The cable is out."));
        await RunAsync(host, new() { ["broken"] = device }, results: 1);

        var result = Assert.Single(await host.ResultsAsync(1)).Result;
        Assert.Equal((RunState.InfraError, "The cable is out."), (result.State, result.Reason));
        var answer = await host.Operators.AskAsync<JobRequest, JobAnswer>("job", new(result.Lease.Job), Cancellation);
        Assert.Equal([AttemptEnd.Released, AttemptEnd.Released, AttemptEnd.Completed], answer.Attempts.Select(attempt => attempt.End));
        Assert.Contains("3 runs in a row", host.Coordinator.Parts.Devices.Find("broken").Quarantine);
        await host.SubmitAsync(Samples.Job(2));
        await using var link = host.LinkOf("broken");
        var denied = await link.AskAsync<LeaseRequest, LeaseAnswer>("lease", new(0, []), Cancellation);
        Assert.Equal((null, DeviceState.Quarantined), (denied.Lease, denied.Standing.Standing));
    }

    [Fact]
    public async Task A_result_that_could_not_be_sent_waits_on_the_disk_of_the_device()
    {
        await using var host = await FleetHost.StartAsync();
        await host.EnrolAsync("one");
        await host.SubmitAsync(Samples.Job(1));
        await using var link = host.LinkOf("one");
        using var cut = new CutLink(link);
        // The network goes while the device runs, and the agent is killed before it comes back.
        using var killed = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var device = new ScriptedAgent((_, _) => { cut.Down = true; return FleetHost.Success.ToAsyncEnumerable(); });
        var parts = host.Agent("one", device, cut) with
        {
            Log = line => { if (line.Contains("cut off", StringComparison.Ordinal)) killed.Cancel(); },
        };
        Assert.Equal(AgentEnd.Stopped, await new FleetAgent(parts).RunAsync(killed.Token));
        Assert.Single(Directory.GetFiles(Path.Combine(parts.State.FullName, "spool"), "*.json"));

        cut.Down = false;
        Assert.Equal(AgentEnd.Enough, await new FleetAgent(parts with { MostJobs = 0 }).RunAsync(Cancellation));
        Assert.Equal(RunState.Ok, Assert.Single(await host.ResultsAsync(1)).Result.State);
        Assert.Single(device.Trials);
        Assert.Empty(Directory.GetFiles(Path.Combine(parts.State.FullName, "spool")));
    }

    [Fact]
    public async Task A_fleet_lives_through_a_restart_of_coordinator_and_server()
    {
        await using var host = await FleetHost.StartAsync();
        await host.EnrolAsync("one");
        await host.SubmitAsync(Samples.Job(1), Samples.Job(2));
        await using var link = host.LinkOf("one");
        var running = new TaskCompletionSource();
        var restarted = new TaskCompletionSource();
        async IAsyncEnumerable<Observation> Script()
        {
            running.TrySetResult();
            await restarted.Task;
            foreach (var observation in FleetHost.Success) yield return observation;
        }
        var device = new ScriptedAgent((_, _) => Script());
        var serving = new FleetAgent(host.Agent("one", device, link) with { MostJobs = 2 }).RunAsync(Cancellation);
        await running.Task;
        await host.RestartAsync();
        restarted.SetResult();
        Assert.Equal(AgentEnd.Enough, await serving);
        Assert.Equal(2, (await host.ResultsAsync(2)).Count);
        Assert.Equal(2, device.Trials.Count);
    }

    [Fact]
    public async Task A_health_check_computes_the_golden_workload()
    {
        await using var host = await FleetHost.StartAsync();
        await host.EnrolAsync("one");
        await host.Operators.AskAsync<NameRequest, LinesAnswer>("health", new("one"), Cancellation);
        await using var link = host.LinkOf("one");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var serving = new FleetAgent(host.Agent("one", new ScriptedAgent(FleetHost.Success), link)).RunAsync(stop.Token);
        while (host.Coordinator.Parts.Devices.Find("one").Health is null) await Task.Delay(20, Cancellation);
        await stop.CancelAsync();
        await serving;
        var health = host.Coordinator.Parts.Devices.Find("one").Health!;
        Assert.True(health.Passed, health.Reason);
        Assert.True(health.CanarySeconds > 0);
    }

    [Fact]
    public async Task The_state_of_a_fleet_is_served_to_prometheus()
    {
        await using var host = await FleetHost.StartAsync();
        await host.EnrolAsync("one");
        await host.SubmitAsync(Samples.Job(1), Samples.Job(2));
        await using var link = host.LinkOf("one");
        Assert.NotNull((await link.AskAsync<LeaseRequest, LeaseAnswer>("lease", new(5, []), Cancellation)).Lease);
        await Assert.ThrowsAsync<RefusedException>(() => link.AskAsync("nonsense", Frame.Write(new Done(true)), Cancellation).AsTask()
            .ContinueWith(answer => LinkExtensions.ValueOf<Done>(answer.Result), Cancellation));
        await using var endpoint = new MetricsEndpoint(host.Coordinator, NatsFixture.FreePort());
        using var client = new HttpClient();
        var text = await client.GetStringAsync(endpoint.Url, Cancellation);
        Assert.Contains("harness_fleet_devices{state=\"leased\",class=\"cpu\"} 1\n", text);
        Assert.Contains("harness_fleet_jobs{class=\"cpu\",state=\"waiting\"} 1\n", text);
        Assert.Contains("harness_fleet_jobs{class=\"cpu\",state=\"leased\"} 1\n", text);
        Assert.Contains("harness_fleet_events_total{event=\"leases\"} 1\n", text);
        Assert.Contains("harness_fleet_refused_total{reason=\"malformed\"} 1\n", text);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await client.GetAsync(endpoint.Url + "x", Cancellation)).StatusCode);
    }

    static async Task RunAsync(FleetHost host, Dictionary<string, ScriptedAgent> devices, int results)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var links = devices.Keys.ToDictionary(name => name, name => host.LinkOf(name));
        var serving = devices.Select(device =>
            new FleetAgent(host.Agent(device.Key, device.Value, links[device.Key])).RunAsync(stop.Token)).ToList();
        await host.ResultsAsync(results);
        // The last answer is on its way to the device; it is not to be cut.
        while (devices.Keys.Any(name => Directory.GetFiles(Path.Combine(host.StateOf(name).FullName, "spool"), "*.json").Length > 0))
            await Task.Delay(10, Cancellation);
        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(serving), end => Assert.Equal(AgentEnd.Stopped, end));
        foreach (var link in links.Values) await link.DisposeAsync();
    }
}

/// <summary>A link whose cable can be pulled.</summary>
sealed class CutLink(IFleetLink link) : IFleetLink, IDisposable
{
    public bool Down { get; set; }

    public ValueTask<ReadOnlyMemory<byte>> AskAsync(string verb, ReadOnlyMemory<byte> request, CancellationToken cancellation) =>
        Down ? throw new LinkDownException("The cable is cut off.") : link.AskAsync(verb, request, cancellation);

    public void Dispose() { }
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
