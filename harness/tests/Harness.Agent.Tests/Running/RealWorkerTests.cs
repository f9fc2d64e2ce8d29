using System.Diagnostics;
using System.Text.Json;
using Harness.Agent.Running;

namespace Harness.Agent.Tests.Running;

/// <summary>The agent and the worker of this code base, as two processes.</summary>
public sealed class RealWorkerTests
{
    static WorkerCommand Worker { get; } = new(Environment.ProcessPath!, ["worker"]);

    [Fact]
    public async Task A_trial_runs_from_request_to_result()
    {
        await using var agent = Shell.Agent(Worker);

        var observations = await Shell.ObserveAsync(agent);

        Assert.Equal(new Finished(RunState.Ok, null), observations[^1]);
        Assert.Equal(new Hello(1, "harness", "test"), observations[0]);
        Assert.Equal(Sums.TestCount, observations.OfType<Predicted>().Sum(line => line.Predictions.Count));
        Assert.DoesNotContain(observations.OfType<Read>(), read => read.Reading.Metric == "worker.exit_code");
    }

    [Fact]
    public async Task A_model_that_prints_does_not_corrupt_the_protocol() =>
        Assert.Equal(new Finished(RunState.Ok, null), await FinishAsync("print"));

    [Fact]
    public async Task A_model_that_ends_the_process_fails_with_the_code()
    {
        var finished = await FinishAsync("exit");

        Assert.Equal(RunState.Failed, finished.State);
        Assert.StartsWith("The worker exited with code 42 in phase train", finished.Reason);
    }

    [Fact]
    public async Task A_worker_whose_agent_dies_ends_though_its_model_is_deaf()
    {
        using var worker = Start();
        await worker.StandardInput.WriteLineAsync(WorkerLine.Write(Sums.Request(Sums.Trial("troublemaker@1", """{"trouble":"deaf"}"""))));
        await worker.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        while (await worker.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.Contains("train")) { }

        worker.StandardInput.Close();
        worker.StandardOutput.Close();

        await worker.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10),
            TestContext.Current.CancellationToken);
        Assert.Equal(WorkerServer.Orphaned, worker.ExitCode);
    }

    [Fact]
    public async Task A_cancel_line_aborts_the_run()
    {
        using var worker = Start();
        await worker.StandardInput.WriteLineAsync(WorkerLine.Write(Sums.Request(Sums.Trial("troublemaker@1", """{"trouble":"wait"}"""))));
        await worker.StandardInput.WriteLineAsync(WorkerLine.Write(new CancelRequest()));
        await worker.StandardInput.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal("aborted", await StateAsync(worker));
        Assert.Equal(WorkerServer.Done, worker.ExitCode);
    }

    [Theory]
    [InlineData("hello?", WorkerServer.BadRequest)]
    [InlineData("""{"type":"run","protocol":1}""", WorkerServer.BadRequest)]
    [InlineData("""{"type":"run","protocol":2,"cache":"/tmp","threads":1,"trial":""" +
        """{"suite":"a","benchmark":"b","protocol":"c","family":"d","configuration":{},"seed":1}}""", WorkerServer.BadRequest)]
    public async Task A_request_that_cannot_be_read_is_answered_with_a_reason(string request, int code)
    {
        using var worker = Start();
        await worker.StandardInput.WriteLineAsync(request);
        await worker.StandardInput.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal("infra_error", await StateAsync(worker));
        Assert.Equal(code, worker.ExitCode);
    }

    static async Task<string> StateAsync(Process worker)
    {
        var lines = (await worker.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim().Split('\n');
        await worker.WaitForExitAsync(TestContext.Current.CancellationToken);
        return JsonDocument.Parse(lines[^1]).RootElement.GetProperty("state").GetString()!;
    }

    static Process Start() => Process.Start(new ProcessStartInfo(Worker.FileName, Worker.Arguments)
    {
        RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
    })!;

    static async Task<Finished> FinishAsync(string trouble)
    {
        await using var agent = Shell.Agent(Worker);
        return (Finished)(await Shell.ObserveAsync(agent, Sums.Trial("troublemaker@1", $$"""{"trouble":"{{trouble}}"}""")))[^1];
    }
}
