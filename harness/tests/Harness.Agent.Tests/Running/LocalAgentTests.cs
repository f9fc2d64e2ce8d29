using Harness.Agent.Running;

namespace Harness.Agent.Tests.Running;

public sealed class LocalAgentTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worker_in_any_language_is_followed_to_its_end()
    {
        await using var agent = Shell.Agent(Shell.Hello +
            """read request; echo '{"operations":2,"type":"timed","stage":"offline","nanoseconds":5,"novelty":true}'; """ + Shell.Finish);

        var observations = await Shell.ObserveAsync(agent);

        Assert.Equal(new Hello(1, "sh", "1"), observations[0]);
        Assert.Equal(new Timed("offline", 2, 5), observations[1]);
        Assert.Equal(new Finished(RunState.Ok, null), observations[^1]);
    }

    [Fact]
    public async Task The_request_arrives_as_one_line()
    {
        await using var agent = Shell.Agent("read request; " + Shell.Hello +
            """case "$request" in '{"type":"run","protocol":1,'*'"seed":7'*'"threads":1'*) """ + Shell.Finish + ";; esac");

        Assert.Equal(RunState.Ok, ((Finished)(await Shell.ObserveAsync(agent))[^1]).State);
    }

    [Fact]
    public async Task The_peak_memory_of_the_worker_is_read_from_outside()
    {
        await using var agent = Shell.Agent(
            "x=aaaaaaaaaaaaaaaa; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21; do x=$x$x; done; " +
            Shell.Hello + Shell.Finish + "read never");

        var reading = (await Shell.ObserveAsync(agent)).OfType<Read>().Single(read => read.Reading.Metric == "memory.peak").Reading;

        Assert.InRange(reading.Value!.Value, 16 << 21, 200_000_000);
    }

    [Fact]
    public async Task A_crash_fails_with_its_code_and_the_last_log_lines()
    {
        var finished = await Shell.FinishAsync(Shell.Hello + "echo first >&2; echo 'file not found' >&2; exit 3");

        Assert.Equal(RunState.Failed, finished.State);
        Assert.Equal("The worker exited with code 3 in phase start without finishing; last log lines: first | file not found",
            finished.Reason);
    }

    [Fact]
    public async Task An_end_without_a_result_fails_even_with_code_0()
    {
        var finished = await Shell.FinishAsync(Shell.Hello + """echo '{"type":"phase","phase":"train"}'""");

        Assert.Equal(new Finished(RunState.Failed, "The worker exited with code 0 in phase train without finishing; it left no log"),
            finished);
    }

    [Fact]
    public async Task A_killed_worker_fails_with_its_signal()
    {
        var finished = await Shell.FinishAsync(Shell.Hello + "kill -9 $$");

        Assert.Equal(RunState.Failed, finished.State);
        Assert.Contains("killed (signal 9)", finished.Reason);
    }

    [Fact]
    public async Task A_worker_that_dies_before_its_hello_is_the_fault_of_the_place()
    {
        var finished = await Shell.FinishAsync("echo 'libtorch.so not found' >&2; exit 127");

        Assert.Equal(RunState.InfraError, finished.State);
        Assert.Contains("libtorch.so not found", finished.Reason);
    }

    [Theory]
    [InlineData("/no/such/worker", "there is no such file.")]
    [InlineData("no-such-worker", "there is no such file in any folder of PATH.")]
    public async Task A_command_that_does_not_exist_is_the_fault_of_the_place(string command, string reason)
    {
        await using var agent = Shell.Agent(new WorkerCommand(command, []));

        Assert.Equal(new Finished(RunState.InfraError, $"The worker '{command}' cannot be started: {reason}"),
            Assert.Single(await Shell.ObserveAsync(agent)));
    }

    [Fact]
    public async Task Silence_is_a_timeout_that_names_the_phase()
    {
        var finished = await Shell.FinishAsync(Shell.Hello + """echo '{"type":"phase","phase":"train"}'; echo 'epoch 1' >&2; sleep 60""",
            Shell.Quick with { Silence = TimeSpan.FromSeconds(2) });

        Assert.Equal(RunState.Timeout, finished.State);
        Assert.StartsWith("No line for 00:00:02 in phase train", finished.Reason);
        Assert.EndsWith("last log lines: epoch 1", finished.Reason);
    }

    [Fact]
    public async Task A_worker_that_talks_for_ever_meets_the_time_limit()
    {
        var finished = await Shell.FinishAsync(Shell.Hello + """while :; do echo '{"type":"phase","phase":"train"}'; sleep 0.05; done""",
            Shell.Quick with { Time = TimeSpan.FromMilliseconds(400) });

        Assert.Equal(RunState.Timeout, finished.State);
        Assert.Contains("time limit of 00:00:00.4000000", finished.Reason);
    }

    [Theory]
    [InlineData("echo Loading model...", "Loading model...")]
    [InlineData("""echo '{"type":"phase"'""", """{"type":"phase""")]
    [InlineData("""echo '{"type":"progress"}'""", "Unknown type 'progress'")]
    [InlineData("""echo '{"type":"timed","stage":"offline","operations":1}'""", "needs 'nanoseconds'")]
    [InlineData("""echo '{"type":"read","reading":{"metric":"energy"}}'""", "a reading without a value needs a reason")]
    [InlineData("""echo '{"type":"finished","state":"splendid"}'""", "splendid")]
    [InlineData("""echo '{"type":"predicted","first":4,"predictions":[1]}'""", "expected sample 0 next, got 4")]
    [InlineData("""echo '{"type":"predicted","first":0,"predictions":[{"confidence":NaN}]}'""", "NaN")]
    [InlineData("printf '\\377\\376\\n'", "Not a line of the worker protocol")]
    [InlineData("echo", "Not a line of the worker protocol")]
    public async Task A_line_outside_the_protocol_fails_and_is_quoted(string print, string quoted)
    {
        var finished = await Shell.FinishAsync(Shell.Hello + print + "; sleep 60");

        Assert.Equal(RunState.Failed, finished.State);
        Assert.Contains(quoted, finished.Reason);
    }

    [Fact]
    public async Task An_oversized_line_fails_without_being_kept()
    {
        var finished = await Shell.FinishAsync(Shell.Hello + "yes no-end | tr -d '\\n'", Shell.Quick with { LineBytes = 100_000 });

        Assert.Equal(RunState.Failed, finished.State);
        Assert.Contains("longer than 100000 bytes", finished.Reason);
        Assert.InRange(finished.Reason!.Length, 50, 1000);
    }

    [Fact]
    public async Task A_first_line_that_is_no_hello_fails()
    {
        var finished = await Shell.FinishAsync("""echo '{"type":"phase","phase":"train"}'; sleep 60""");

        Assert.Equal(RunState.Failed, finished.State);
        Assert.StartsWith("The first line must be a hello", finished.Reason);
    }

    [Fact]
    public async Task A_worker_of_another_protocol_version_is_the_fault_of_the_place()
    {
        var finished = await Shell.FinishAsync("""echo '{"type":"hello","protocol":2,"worker":"sh","version":"9"}'; sleep 60""");

        Assert.Equal(RunState.InfraError, finished.State);
        Assert.StartsWith("The worker sh 9 speaks protocol 2, this agent speaks 1.", finished.Reason);
    }

    [Fact]
    public async Task A_memory_hog_is_ended_with_what_it_used()
    {
        var finished = await Shell.FinishAsync(Shell.Hello + "x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done",
            Shell.Quick with { MemoryBytes = 50_000_000 });

        Assert.Equal(RunState.Failed, finished.State);
        Assert.Matches("^out of memory: used .+ (MB|GB), limit 50.0 MB; raise limits.memory or lower the batch", finished.Reason!);
    }

    [Fact]
    public async Task What_a_worker_said_before_it_died_is_kept()
    {
        await using var agent = Shell.Agent(Shell.Hello
            + """echo '{"type":"timed","stage":"train","operations":1,"nanoseconds":9}'; kill -11 $$""");

        var observations = await Shell.ObserveAsync(agent);

        Assert.Contains(new Timed("train", 1, 9), observations);
        Assert.Contains("segmentation fault", ((Finished)observations[^1]).Reason);
    }

    [Fact]
    public async Task An_unclean_end_after_the_result_keeps_the_result_and_is_noted()
    {
        await using var agent = Shell.Agent(Shell.Hello + Shell.Finish + "exit 9");

        var observations = await Shell.ObserveAsync(agent);

        Assert.Equal(new Finished(RunState.Ok, null), observations[^1]);
        Assert.Contains(observations.OfType<Read>(), read => read.Reading is { Metric: "worker.exit_code", Value: 9 });
    }

    [Fact]
    public async Task Far_more_log_than_a_pipe_holds_does_not_stop_a_worker() =>
        Assert.Equal(RunState.Ok, (await Shell.FinishAsync(Shell.Hello + "yes log | head -c 3000000 >&2; " + Shell.Finish)).State);

    [Fact]
    public async Task A_slow_reader_slows_the_worker_and_loses_nothing()
    {
        await using var agent = Shell.Agent(Shell.Hello +
            """i=0; while [ $i -lt 3000 ]; do echo "{\"type\":\"predicted\",\"first\":$i,\"predictions\":[$i]}"; i=$((i+1)); done; """
                + Shell.Finish,
            Shell.Quick with { Silence = TimeSpan.FromMilliseconds(500) });
        var seen = 0;

        await foreach (var observation in agent.RunAsync(Sums.Trial(), Cancellation))
        {
            if (observation is Predicted && seen++ == 0) await Task.Delay(1000, Cancellation);
            if (observation is Finished finished) Assert.Equal(new Finished(RunState.Ok, null), finished);
        }

        Assert.Equal(3000, seen);
    }

    [Fact]
    public async Task The_allocator_is_loaded_into_the_worker_and_named_on_the_card()
    {
        await using var agent = Shell.Agent(Shell.Hello + """echo "$LD_PRELOAD" >&2; exit 1""");

        var finished = (Finished)(await Shell.ObserveAsync(agent))[^1];
        var card = await agent.DescribeAsync(Cancellation);

        if (card.Allocator == "system") Assert.EndsWith("it left no log", finished.Reason);
        else Assert.Contains(card.Allocator!, finished.Reason);
    }
}
