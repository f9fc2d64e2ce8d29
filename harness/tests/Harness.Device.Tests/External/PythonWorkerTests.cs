using System.Text.Json;
using Harness.Agent.Conformance;
using Harness.Agent.Drivers;
using Harness.Agent.Drivers.External;
using Harness.Agent.Measuring;
using Harness.Agent.Running;
using Harness.Core.Registry;
using Suites.Clustering;

namespace Harness.Device.Tests.External;

/// <summary>The reference worker of docs/examples/workers, as somebody would start it who writes no C#.</summary>
public sealed class PythonWorkerTests : IDisposable
{
    const string Configuration = """{"clusters":5,"iterations":50}""";

    static readonly string? Python = new[] { "/usr/bin/python3", "/usr/local/bin/python3" }.FirstOrDefault(File.Exists);

    readonly DirectoryInfo cache = Directory.CreateTempSubdirectory("python");

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static Trial Trial => Programs.Clustering(Configuration) with { Family = "lloyd-python@1" };

    [Fact]
    public async Task It_breaks_no_rule_of_the_protocol()
    {
        await using var agent = Agent();
        await agent.LayOutAsync(Trial, Cancellation);

        var verdicts = await new WorkerCheck(Command(), agent.RequestFor(Trial), TimeSpan.FromMinutes(2), TimeProvider.System)
            .RunAsync(Cancellation).ToListAsync(Cancellation);

        Assert.All(verdicts, verdict => Assert.True(verdict.Verdict == Verdict.Kept
            || (verdict.Verdict == Verdict.Untested && verdict.Rule is "cancel" or "end of input"), $"{verdict}"));
    }

    [Fact]
    public async Task It_runs_a_trial_of_the_harness_on_samples_laid_out_for_it()
    {
        await using var agent = Agent();

        var observations = new List<Observation>();
        await foreach (var observation in agent.RunAsync(Trial, Cancellation)) observations.Add(observation);

        Assert.Equal(new Finished(RunState.Ok, null), observations[^1]);
        Assert.Equal(64, observations.OfType<Predicted>().Sum(line => line.Predictions.Count));
        Assert.NotEmpty(observations.OfType<Trained>());
        Assert.Contains(observations.OfType<Timed>(), timed => timed.Stage == "single_stream");
    }

    [Fact]
    public async Task The_samples_that_are_laid_out_hold_no_target_of_the_test_split()
    {
        await using var agent = Agent();
        await agent.LayOutAsync(Trial, Cancellation);

        var lines = await File.ReadAllLinesAsync(Path.Combine(agent.RequestFor(Trial).Samples!, "test.jsonl"), Cancellation);

        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Equal(-1, JsonDocument.Parse(line).RootElement.GetProperty("label").GetInt32()));
    }

    [Fact]
    public async Task A_configuration_that_it_cannot_use_is_a_failed_run_with_the_reason()
    {
        await using var agent = Agent();

        var observations = new List<Observation>();
        await foreach (var observation in agent.RunAsync(Trial with
        {
            Configuration = JsonDocument.Parse("""{"clusters":0,"iterations":5}""").RootElement,
        }, Cancellation)) observations.Add(observation);

        var finished = Assert.IsType<Finished>(observations[^1]);
        Assert.Equal(RunState.Failed, finished.State);
        Assert.Contains("clusters is 0", finished.Reason);
    }

    public void Dispose() => cache.Delete(recursive: true);

    static WorkerCommand Command()
    {
        if (Python is null) Assert.Skip("Python 3 is not installed (Debian package python3).");
        return new(Python, [Path.Combine(Programs.Repository, "docs", "examples", "workers", "lloyd.py")]);
    }

    ExternalAgent Agent() => new(Command(), new Catalogue([ClusteringSuite.Create()]), cache, new LocalDevice(new DirectoryInfo("/"), []),
        new DriverOptions("cpu") { Limits = Programs.Patient, LatencySamples = 5, CountSamples = 8 }, TimeProvider.System);
}
