using Harness.Agent.Drivers.Ssh;

namespace Harness.Device.Tests.Ssh;

/// <summary>The driver and a real sshd.</summary>
public sealed class SshAgentTests(SshFixture host)
{
    const string Hello = """echo '{"type":"hello","protocol":1,"worker":"sh","version":"1"}'; """;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trial_runs_on_the_host_in_a_worker_that_was_pushed_once()
    {
        host.Use();
        var options = host.Options(new FileInfo(Programs.PathFor("linux-x64")), "pushed folder");
        await using var agent = host.Agent(options);

        var card = await agent.DescribeAsync(Cancellation);
        var written = File.GetLastWriteTimeUtc(Path.Combine(options.Folder, "harness-device"));
        var observations = await ObserveAsync(agent);

        Assert.Equal(new Finished(RunState.Ok, null), observations[^1]);
        Assert.Equal(64, observations.OfType<Predicted>().Sum(line => line.Predictions.Count));
        Assert.Equal("cpu", card.Class);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(options.Folder, "harness-device")));
    }

    [Theory]
    [InlineData("echo 'no such library' >&2; exit 9", RunState.InfraError, "exited with code 9")]
    [InlineData(Hello + "kill -9 $$", RunState.Failed, "killed (signal 9)")]
    public async Task How_a_worker_ended_comes_through_the_connection(string script, RunState state, string reason)
    {
        host.Use();
        await using var agent = host.Agent(script, "ends");

        var finished = Assert.IsType<Finished>((await ObserveAsync(agent))[^1]);

        Assert.Equal(state, finished.State);
        Assert.Contains(reason, finished.Reason);
    }

    [Fact]
    public async Task A_cancelled_run_leaves_no_process_on_the_host()
    {
        host.Use();
        await using var agent = host.Agent($"trap '' TERM HUP; {Hello} while :; do sleep 0.1; done", "cancelled");
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var states = new List<RunState>();
        await foreach (var observation in agent.RunAsync(Programs.Clustering(), cancelled.Token))
        {
            if (observation is Hello) await cancelled.CancelAsync();
            if (observation is Finished finished) states.Add(finished.State);
        }

        Assert.Equal([RunState.Aborted], states);
        Assert.DoesNotContain(CommandLines(), line => line.Contains(host.In("cancelled")) && line.Contains("worker"));
    }

    [Fact]
    public async Task A_host_whose_key_is_unknown_is_refused()
    {
        host.Use();
        await File.WriteAllTextAsync(host.In("nobody"), "", Cancellation);
        await using var agent = host.Agent(host.Options(new FileInfo(Programs.PathFor("linux-x64")), "unknown") with
        {
            KnownHosts = host.In("nobody"),
        });

        var error = await Assert.ThrowsAsync<HarnessException>(async () => await agent.DescribeAsync(Cancellation));

        Assert.Contains("Host key verification failed", error.Message);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_an_error_before_anything_is_sent()
    {
        host.Use();
        await using var agent = host.Agent(host.Options(new FileInfo(host.In("absent")), "absent-program"));

        var error = await Assert.ThrowsAsync<HarnessException>(async () => await agent.DescribeAsync(Cancellation));

        Assert.Contains("There is no file", error.Message);
    }

    static IEnumerable<string> CommandLines() => Directory.EnumerateDirectories("/proc")
        .Where(folder => int.TryParse(Path.GetFileName(folder), out _)).Select(folder =>
        {
            try { return File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' '); }
            catch (IOException) { return ""; }
        });

    static async Task<List<Observation>> ObserveAsync(SshAgent agent)
    {
        var observations = new List<Observation>();
        await foreach (var observation in agent.RunAsync(Programs.Clustering(), Cancellation)) observations.Add(observation);
        return observations;
    }
}
