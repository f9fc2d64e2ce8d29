using Harness.Agent.Drivers.Slurm;
using Harness.Agent.Running;

namespace Harness.Device.Tests.Slurm;

/// <summary>The driver and a real Slurm.</summary>
public sealed class SlurmAgentTests(SlurmFixture cluster)
{
    const string Hello = """echo '{"type":"hello","protocol":1,"worker":"sh","version":"1"}'""";
    const string Finish = """echo '{"type":"finished","state":"ok"}'""";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trial_of_class_gpu_runs_as_a_job_that_asked_for_an_accelerator()
    {
        await cluster.UseAsync();
        await using var agent = cluster.Agent(new WorkerCommand(Programs.PathFor("linux-x64"), []), gpus: 1);

        var card = await agent.DescribeAsync(Cancellation);
        var observations = await ObserveAsync(agent);

        Assert.Equal(new Finished(RunState.Ok, null), observations[^1]);
        Assert.Equal(64, observations.OfType<Predicted>().Sum(line => line.Predictions.Count));
        Assert.Equal(("gpu", "1"), (card.Class, card.Details!["gpus"]));
        Assert.StartsWith("slurm", card.Details["scheduler"]);
    }

    [Fact]
    public async Task The_accelerators_of_a_job_are_those_that_it_asked_for()
    {
        await cluster.UseAsync();
        await using var agent = cluster.Agent($$"""
            {{Hello}}
            echo "{\"type\":\"finished\",\"state\":\"failed\",\"reason\":\"$SLURM_GPUS_ON_NODE on $SLURM_JOB_NAME\"}"
            """, gpus: 2);

        Assert.Equal(new Finished(RunState.Failed, "2 on harness"), (await ObserveAsync(agent))[^1]);
    }

    [Fact]
    public async Task The_log_and_the_exit_code_of_a_job_become_the_reason()
    {
        await cluster.UseAsync();
        await using var agent = cluster.Agent("echo 'no such library' >&2; exit 7");

        var finished = Assert.IsType<Finished>((await ObserveAsync(agent))[^1]);

        Assert.Equal(RunState.InfraError, finished.State);
        Assert.Contains("exited with code 7", finished.Reason);
        Assert.Contains("no such library", finished.Reason);
    }

    [Fact]
    public async Task A_job_that_somebody_cancels_is_the_fault_of_the_place()
    {
        await cluster.UseAsync();
        await using var agent = cluster.Agent($"{Hello}\ntrap '' TERM\nwhile :; do sleep 0.1; done", folder: "cancelled");

        Finished? end = null;
        await foreach (var observation in agent.RunAsync(Programs.Clustering(), Cancellation))
        {
            if (observation is Hello) await cluster.Commands.CancelAsync(await OnlyJobAsync("cancelled"), [], Cancellation);
            end = observation as Finished;
        }

        Assert.Equal(RunState.InfraError, end!.State);
        Assert.Contains("CANCELLED", end.Reason);
    }

    [Fact]
    public async Task A_run_that_the_agent_cancels_leaves_no_job()
    {
        await cluster.UseAsync();
        await using var agent = cluster.Agent($"{Hello}\ntrap '' TERM\nwhile :; do sleep 0.1; done", folder: "aborted");
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var (states, job) = (new List<RunState>(), 0);
        await foreach (var observation in agent.RunAsync(Programs.Clustering(), cancelled.Token))
        {
            if (observation is Hello)
            {
                job = await OnlyJobAsync("aborted");
                await cancelled.CancelAsync();
            }
            if (observation is Finished finished) states.Add(finished.State);
        }

        Assert.Equal([RunState.Aborted], states);
        Assert.False((await cluster.Commands.FindOrNullAsync(job, Cancellation))?.Lives ?? false);
    }

    [Fact]
    public async Task A_worker_hears_the_cancel_line_and_the_end_of_its_input()
    {
        await cluster.UseAsync();
        await using var agent = cluster.Agent($$"""
            {{Hello}}
            read request
            echo '{"type":"phase","phase":"train"}'
            read line
            case "$line" in *cancel*) cat; echo '{"type":"finished","state":"aborted","reason":"as asked"}';; esac
            """);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        Observation? end = null;
        await foreach (var observation in agent.RunAsync(Programs.Clustering(), cancelled.Token))
        {
            if (observation is PhaseStarted) await cancelled.CancelAsync();
            end = observation;
        }

        Assert.Equal(RunState.Aborted, Assert.IsType<Finished>(end).State);
    }

    [Fact]
    public async Task A_job_that_the_cluster_can_never_run_is_refused_with_its_words()
    {
        await cluster.UseAsync();
        await using var agent = cluster.Agent($"{Hello}\n{Finish}", gpus: 99);

        var finished = Assert.IsType<Finished>((await ObserveAsync(agent))[^1]);

        Assert.Equal(RunState.InfraError, finished.State);
        Assert.Contains("sbatch ended with code 1", finished.Reason);
    }

    async Task<int> OnlyJobAsync(string folder)
    {
        var script = Directory.EnumerateFiles(Path.GetDirectoryName(cluster.Configuration)!, "job.sh", SearchOption.AllDirectories)
            .Single(path => path.Contains($"/{folder}/"));
        return await cluster.JobOfAsync(script, Cancellation);
    }

    static async Task<List<Observation>> ObserveAsync(SlurmAgent agent)
    {
        var observations = new List<Observation>();
        await foreach (var observation in agent.RunAsync(Programs.Clustering(), Cancellation)) observations.Add(observation);
        return observations;
    }
}
