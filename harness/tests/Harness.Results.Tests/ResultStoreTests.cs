using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Harness.Results.Tests;

public sealed class ResultStoreTests : StoreTest
{
    [Fact]
    public async Task A_run_comes_back_as_it_was_stored()
    {
        var run = Example.Run();
        await AppendAsync(run);
        Assert.Equal(Example.Text(run), Example.Text(Assert.Single(await ReadAsync())));
    }

    [Fact]
    public async Task Without_detail_samples_and_timings_stay_on_the_disk()
    {
        await AppendAsync(Example.Run());
        var run = Assert.Single(await ReadAsync(new()));
        Assert.Empty(run.Samples);
        Assert.Empty(run.Timings);
    }

    [Fact]
    public async Task A_failed_run_without_samples_is_a_row_with_its_reason()
    {
        await AppendAsync(Example.Run(samples: 0) with
        { State = RunState.Failed, Reason = "diverged at epoch 3", Timings = [], Traces = [], Metrics = [] });
        var run = Assert.Single(await ReadAsync());
        Assert.Equal((RunState.Failed, "diverged at epoch 3"), (run.State, run.Reason));
        Assert.Equal(["artifacts.sha256", "run.json"], Directory.GetFiles(OnlyRun()).Select(file => Path.GetFileName(file)!).Order());
    }

    [Fact]
    public async Task The_run_hash_in_the_chain_is_the_sha256_of_canonical_run_json()
    {
        var run = Example.Run();
        await AppendAsync(run);
        var envelope = await File.ReadAllBytesAsync(Path.Combine(OnlyRun(), "run.json"), Cancellation);
        Assert.Equal(CanonicalJson.Write(run), Encoding.UTF8.GetString(envelope));
        Assert.Contains($"\"runHash\":\"{Convert.ToHexStringLower(SHA256.HashData(envelope))}\"",
            await File.ReadAllTextAsync(PathOf("chain.log"), Cancellation));
    }

    [Fact]
    public async Task A_run_folder_is_named_by_time_device_family_dataset_configuration_and_run()
    {
        var run = Example.Run();
        await AppendAsync(run);
        var expected = $"runs/2026/11/24/20261124t031502z_laptop-a-x86_perceptron-2_mnist-1_{run.Trial.ConfigurationHash}_000000";
        Assert.Equal(PathOf(expected.Split('/')), OnlyRun());
    }

    [Fact]
    public async Task A_long_or_foreign_name_becomes_a_short_ascii_one()
    {
        var run = Example.Run();
        var odd = run with
        { Device = run.Device with { Id = new string('Ü', 200) + ": \\/" }, Trial = run.Trial with { Family = new string('f', 300) } };
        await AppendAsync(odd);
        Assert.Matches(new Regex("^[a-z0-9._-]{1,120}$", RegexOptions.None, TimeSpan.FromSeconds(1)), Path.GetFileName(OnlyRun()));
    }

    [Fact]
    public async Task Runs_are_read_in_order_of_their_start_even_within_a_second()
    {
        var start = Example.Start;
        await AppendAsync(Example.Run(3, started: start.AddSeconds(5)), Example.Run(1, started: start.AddMilliseconds(700)),
            Example.Run(2, started: start.AddMilliseconds(20)), Example.Run(4, started: start.AddDays(-1)));
        Assert.Equal([4, 2, 1, 3], (await ReadAsync()).Select(run => run.Trial.Seed - 7));
    }

    [Fact]
    public async Task The_same_run_is_not_stored_twice()
    {
        await AppendAsync(Example.Run());
        var error = await Assert.ThrowsAsync<HarnessException>(() => AppendAsync(Example.Run()));
        Assert.Contains(Example.Id(0), error.Message);
        Assert.Single(await ReadAsync());
    }

    [Fact]
    public async Task A_filter_lets_through_only_what_it_names()
    {
        await AppendAsync(Example.Run(0), Example.Run(1), Example.Run(2) with { State = RunState.Timeout });
        Assert.Equal([Example.Id(1)], (await ReadAsync(new(RunId: Example.Id(1)))).Select(run => run.RunId));
        Assert.Equal([Example.Id(2)], (await ReadAsync(new(State: RunState.Timeout))).Select(run => run.RunId));
        Assert.Equal([Example.Id(0)], (await ReadAsync(new(TrialId: Example.Run().TrialId))).Select(run => run.RunId));
        var all = new ResultFilter(Family: "perceptron", Suite: "vision", Protocol: "mnist@1", Session: "20261124-nightly");
        Assert.Equal(3, (await ReadAsync(all)).Count);
        Assert.Equal(3, (await ReadAsync(new(Family: "perceptron@2"))).Count);
        Assert.Empty(await ReadAsync(new(Family: "perceptron@1")));
        Assert.Empty(await ReadAsync(new(Protocol: "mnist@2")));
    }

    [Fact]
    public async Task A_number_that_is_none_is_refused_before_anything_is_written()
    {
        using var store = await OpenAsync();
        var run = Example.Run() with { Metrics = [new("accuracy.top1", 1, double.NaN, "1", Direction.Higher, "measured")] };
        var error = await Assert.ThrowsAsync<HarnessException>(async () => await store.AppendAsync(run, Cancellation));
        Assert.Contains("accuracy.top1", error.Message);
        Assert.False(Directory.Exists(PathOf("runs")));
    }

    [Fact]
    public async Task A_cancelled_append_leaves_nothing()
    {
        using var store = await OpenAsync();
        using var source = new CancellationTokenSource();
        store.Reached = step => { if (step == "run.json") source.Cancel(); };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.AppendAsync(Example.Run(), source.Token));
        Assert.Empty(Directory.GetDirectories(PathOf(".incoming")));
        Assert.Empty(await ReadAsync());
    }

    [Fact]
    public async Task A_second_writer_is_told_who_writes()
    {
        using var first = await OpenAsync();
        var error = await Assert.ThrowsAsync<ResultsLockedException>(() => OpenAsync());
        Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}", error.Message);
    }

    [Fact]
    public async Task A_closed_store_can_be_opened_by_the_next_writer()
    {
        await AppendAsync(Example.Run(0));
        await AppendAsync(Example.Run(1));
        Assert.Equal(2, (await ReadAsync()).Count);
    }

    [Fact]
    public async Task Reading_goes_on_while_another_writes()
    {
        using var writer = await OpenAsync();
        await writer.AppendAsync(Example.Run(), Cancellation);
        Assert.Single(await ReadAsync());
    }

    [Fact]
    public async Task Parallel_appends_are_all_stored()
    {
        using var store = await OpenAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 20), Cancellation,
            async (number, token) => await store.AppendAsync(Example.Run(number), token));
        Assert.Equal(20, (await ReadAsync()).Select(run => run.RunId).Distinct().Count());
        Assert.Empty(await VerifyAsync());
    }

    [Theory]
    [InlineData("results-schema 2.0")]
    [InlineData("results-schema 1.x")]
    public async Task A_newer_layout_is_refused(string schema)
    {
        await File.WriteAllTextAsync(PathOf("SCHEMA"), schema + "\n", Cancellation);
        Assert.Contains(schema, (await Assert.ThrowsAsync<HarnessException>(() => OpenAsync())).Message);
        Assert.Contains(schema, Assert.Throws<HarnessException>(() => ResultStore.OpenForReading(Folder)).Message);
    }

    [Fact]
    public void A_folder_without_schema_is_no_store_to_a_reader() =>
        Assert.Contains("SCHEMA", Assert.Throws<HarnessException>(() => ResultStore.OpenForReading(Folder)).Message);
}
