using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Harness.Device.Tests;

public sealed class DeviceProgramTests : IDisposable
{
    readonly DirectoryInfo cache = Directory.CreateTempSubdirectory("device");

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_clustering_trial_runs_in_the_program_of_this_platform()
    {
        await using var agent = Programs.Agent("linux-x64", cache);

        var observations = await ObserveAsync(agent);

        Assert.Equal(new Finished(RunState.Ok, null), observations[^1]);
        Assert.Equal("harness-device", Assert.IsType<Hello>(observations[0]).Worker);
        Assert.Equal(64, observations.OfType<Predicted>().Sum(line => line.Predictions.Count));
    }

    [Fact]
    public async Task A_clustering_trial_runs_on_an_emulated_arm_and_predicts_the_same()
    {
        Programs.SkipWithoutEmulator();
        await using var arm = Programs.Agent("linux-arm64", cache);
        await using var here = Programs.Agent("linux-x64", cache);

        var far = await ObserveAsync(arm);

        Assert.Equal(new Finished(RunState.Ok, null), far[^1]);
        Assert.Equal(Predictions(await ObserveAsync(here)), Predictions(far));
    }

    /// <summary>The kernels of either processor add the same products in another order.</summary>
    [Fact]
    public async Task A_language_model_makes_the_same_tokens_on_an_emulated_arm()
    {
        Programs.SkipWithoutEmulator();
        await using var arm = Programs.Agent("linux-arm64", cache);
        await using var here = Programs.Agent("linux-x64", cache);
        var trial = Programs.Stories();

        var far = await ObserveAsync(arm, trial);

        if (far[^1] is Finished { State: RunState.Skipped, Reason: var reason }) Assert.Skip(reason!);
        Assert.Equal(new Finished(RunState.Ok, null), far[^1]);
        Assert.Equal(Emitted(await ObserveAsync(here, trial)), Emitted(far));
    }

    static string[] Emitted(IEnumerable<Observation> observations) => [.. observations.OfType<Predicted>().SelectMany(line =>
        line.Predictions).Select(prediction => prediction.GetProperty("emitted").GetRawText())];

    [Fact]
    public async Task The_card_of_an_emulated_arm_says_so()
    {
        Programs.SkipWithoutEmulator();
        await using var agent = Programs.Agent("linux-arm64", cache);

        var card = await agent.DescribeAsync(Cancellation);

        Assert.True(card.Emulated);
        Assert.EndsWith("-arm64-emulated", card.Id);
        Assert.EndsWith(" arm64", card.OperatingSystem);
    }

    [Fact]
    public async Task The_card_of_the_program_of_this_platform_is_that_of_this_machine()
    {
        Assert.SkipWhen(RuntimeInformation.ProcessArchitecture != Architecture.X64, "The program is built for x64.");
        await using var agent = Programs.Agent("linux-x64", cache);

        var card = await agent.DescribeAsync(Cancellation);

        Assert.False(card.Emulated);
        Assert.Equal(new Harness.Agent.Measuring.LocalDevice(new DirectoryInfo("/"), []).Describe(null).Id, card.Id);
    }

    [Fact]
    public async Task A_suite_that_needs_native_tensors_is_refused_with_the_suites_it_has()
    {
        await using var agent = Programs.Agent("linux-x64", cache);
        var trial = Programs.Clustering() with { Suite = "spiking-transformers" };

        var finished = Assert.IsType<Finished>((await ObserveAsync(agent, trial))[^1]);

        Assert.Equal(RunState.Unsupported, finished.State);
        Assert.Contains("clustering", finished.Reason);
    }

    [Fact]
    public async Task A_word_it_does_not_know_is_refused_with_those_it_knows()
    {
        using var process = Process.Start(new ProcessStartInfo(Programs.PathFor("linux-x64"), ["fly"])
        {
            RedirectStandardError = true, UseShellExecute = false,
        })!;
        var text = await process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);

        Assert.Equal(64, process.ExitCode);
        Assert.Contains("'fly'", text);
        Assert.Contains("harness-device worker", text);
    }

    [Fact]
    public async Task A_program_that_prints_no_card_is_an_error_that_quotes_it()
    {
        await using var agent = new Harness.Agent.Drivers.Programs.ProgramAgent(new("/bin/echo", ["no card"]), cache, new("cpu"),
            TimeProvider.System);

        var error = await Assert.ThrowsAsync<HarnessException>(async () => await agent.DescribeAsync(Cancellation));

        Assert.Contains("'no card describe", error.Message);
    }

    public void Dispose() => cache.Delete(recursive: true);

    static async Task<List<Observation>> ObserveAsync(IDeviceAgent agent, Trial? trial = null)
    {
        var observations = new List<Observation>();
        await foreach (var observation in agent.RunAsync(trial ?? Programs.Clustering(), Cancellation)) observations.Add(observation);
        return observations;
    }

    static string[] Predictions(IEnumerable<Observation> observations) =>
        [.. observations.OfType<Predicted>().SelectMany(line => line.Predictions).Select(prediction => prediction.GetRawText())];
}
