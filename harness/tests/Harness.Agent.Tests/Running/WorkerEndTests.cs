using System.Diagnostics;
using Harness.Agent.Running;

namespace Harness.Agent.Tests.Running;

/// <summary>Nothing of a worker outlives its run, however it ends.</summary>
public sealed class WorkerEndTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cancelling_sends_the_cancel_line_first()
    {
        var told = Path.GetTempFileName();

        var finished = await CancelAfterHelloAsync($"read request; read cancel; echo \"$cancel\" > {told}");

        Assert.Equal(RunState.Aborted, finished.State);
        Assert.Equal("""{"type":"cancel"}""", (await File.ReadAllTextAsync(told, Cancellation)).Trim());
        File.Delete(told);
    }

    [Fact]
    public async Task A_worker_that_ignores_its_input_gets_a_termination_signal()
    {
        var told = Path.GetTempFileName();

        var finished = await CancelAfterHelloAsync($"trap 'echo terminated > {told}; exit 0' TERM; while :; do sleep 0.05; done");

        Assert.Equal(RunState.Aborted, finished.State);
        Assert.Equal("terminated", (await File.ReadAllTextAsync(told, Cancellation)).Trim());
        File.Delete(told);
    }

    [Fact]
    public async Task A_worker_that_ignores_every_request_is_killed()
    {
        var mark = $"mark-{Environment.ProcessId}-deaf";

        var finished = await CancelAfterHelloAsync($": {mark}; trap '' TERM INT HUP; while :; do sleep 0.05; done");

        Assert.Equal(RunState.Aborted, finished.State);
        Assert.Empty(Shell.ProcessesWith(mark));
    }

    [Fact]
    public async Task A_run_cancelled_before_it_starts_starts_nothing()
    {
        await using var agent = Shell.Agent("exit 1");

        var observations = await Shell.ObserveAsync(agent, cancellation: new CancellationToken(canceled: true));

        Assert.Equal(RunState.Aborted, Assert.IsType<Finished>(Assert.Single(observations)).State);
    }

    [Fact]
    public async Task Leaving_the_enumeration_ends_the_worker()
    {
        var mark = $"mark-{Environment.ProcessId}-left";
        await using var agent = Shell.Agent($": {mark}; {Shell.Hello} while :; do echo '{{\"type\":\"phase\",\"phase\":\"train\"}}'; done",
            Shell.Quick with { Grace = TimeSpan.FromMilliseconds(200) });

        await foreach (var _ in agent.RunAsync(Sums.Trial(), Cancellation)) break;

        Assert.Empty(Shell.ProcessesWith(mark));
    }

    [Fact]
    public async Task Disposing_the_agent_aborts_its_run()
    {
        var agent = Shell.Agent(Shell.Hello + "sleep 60", Shell.Quick with { Grace = TimeSpan.FromMilliseconds(200) });
        Observation? last = null;

        await foreach (var observation in agent.RunAsync(Sums.Trial(), Cancellation))
        {
            if (observation is Hello) await agent.DisposeAsync();
            last = observation;
        }

        Assert.Equal(RunState.Aborted, Assert.IsType<Finished>(last).State);
    }

    [Theory]
    [InlineData("sleep 61.{0} & ")]
    [InlineData("setsid sleep 61.{0} & ")]
    [InlineData("(setsid sleep 61.{0} &) & ")]
    public async Task Processes_a_worker_leaves_behind_are_killed(string leave)
    {
        var mark = $"{Environment.ProcessId}{leave.Length}";

        var finished = await Shell.FinishAsync(Shell.Hello + string.Format(leave, mark) + "sleep 0.1; " + Shell.Finish);

        Assert.Equal(RunState.Ok, finished.State);
        Assert.Empty(Shell.ProcessesWith($"61.{mark}"));
    }

    [Fact]
    public async Task A_descendant_that_holds_the_pipes_does_not_hold_the_agent()
    {
        var start = Stopwatch.GetTimestamp();

        var finished = await Shell.FinishAsync(Shell.Hello + "setsid sleep 60 & sleep 0.1; exit 5");

        Assert.Contains("exited with code 5", finished.Reason);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 5);
    }

    [Fact]
    public async Task Memory_of_descendants_counts_too()
    {
        var finished = await Shell.FinishAsync(Shell.Hello + "sh -c 'x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done' & wait; sleep 60",
            Shell.Quick with { MemoryBytes = 100_000_000 });

        Assert.StartsWith("out of memory: used", finished.Reason);
    }

    [Fact]
    public async Task No_zombie_remains()
    {
        foreach (var script in new[] { Shell.Hello + Shell.Finish, Shell.Hello + "kill -9 $$", "exit 1",
            Shell.Hello + "echo garbage; sleep 60" })
            await Shell.FinishAsync(script);

        for (var wait = 0; wait < 40 && Shell.Zombies().Count > 0; wait++) await Task.Delay(50, Cancellation);

        Assert.Empty(Shell.Zombies());
    }

    static async Task<Finished> CancelAfterHelloAsync(string script)
    {
        using var cancelled = new CancellationTokenSource();
        await using var agent = Shell.Agent(Shell.Hello + script, Shell.Quick with { Grace = TimeSpan.FromMilliseconds(500) });
        Observation? last = null;
        await foreach (var observation in agent.RunAsync(Sums.Trial(), cancelled.Token))
        {
            if (observation is Hello) cancelled.CancelAfter(100);
            last = observation;
        }
        return Assert.IsType<Finished>(last);
    }
}
