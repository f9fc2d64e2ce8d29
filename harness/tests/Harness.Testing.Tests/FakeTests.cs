using System.Text.Json;

namespace Harness.Testing.Tests;

public sealed class FakeTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Progress_is_kept_in_order_on_the_reporting_thread()
    {
        var progress = new RecordingProgress<int>();
        progress.Report(2);
        var before = progress.Reports;
        progress.Report(1);
        Assert.Equal([2], before);
        Assert.Equal([2, 1], progress.Reports);
    }

    [Fact]
    public async Task A_dataset_counts_fetches_and_reads_and_cannot_be_read_before_it_was_fetched()
    {
        var dataset = Numbers.Dataset();
        Assert.Throws<DataUnavailableException>(() => dataset.Read(Cache, Split.Test));
        await dataset.FetchAsync(Cache, Cancellation);
        Assert.Equal(dataset.Read(Cache, Split.Test), dataset.Read(Cache, Split.Test));
        Assert.Equal((1, 2, 0), (dataset.Fetches, dataset.Reads(Split.Test), dataset.Reads(Split.Train)));
        Assert.All(dataset.Card.Counts, count => Assert.Equal(count.Value, dataset.Read(Cache, count.Key).Count()));
    }

    [Fact]
    public async Task A_dataset_can_be_unavailable()
    {
        var dataset = new InMemoryDataset<int>("lost", new Dictionary<Split, IReadOnlyList<int>>())
        { Unavailable = new DataUnavailableException("gone") };
        await Assert.ThrowsAsync<DataUnavailableException>(async () => await dataset.FetchAsync(Cache, Cancellation));
        Assert.Equal(0, dataset.Fetches);
    }

    [Fact]
    public async Task A_store_keeps_a_run_once_and_reads_in_order_of_start()
    {
        var store = new InMemoryResultStore();
        await store.AppendAsync(Run("b", hour: 2), Cancellation);
        await store.AppendAsync(Run("c", hour: 1), Cancellation);
        await store.AppendAsync(Run("a", hour: 2), Cancellation);
        Assert.Equal(["c", "a", "b"], await Ids(store, new()));
        var error = await Assert.ThrowsAsync<HarnessException>(async () => await store.AppendAsync(Run("a", 3), Cancellation));
        Assert.Contains("never overwritten", error.Message);
        Assert.Equal(3, store.Runs.Count);
    }

    [Fact]
    public async Task A_store_filters_by_every_field()
    {
        var store = new InMemoryResultStore();
        await store.AppendAsync(Run("a", 1), Cancellation);
        await store.AppendAsync(Run("b", 2) with { State = RunState.Failed }, Cancellation);
        Assert.Equal(["a"], await Ids(store, new(State: RunState.Ok)));
        Assert.Equal(["b"], await Ids(store, new(RunId: "b")));
        Assert.Equal(["a", "b"], await Ids(store, new("numbers", "numbers@1", "scripted", "session", null, "trial")));
        Assert.Equal(["a", "b"], await Ids(store, new(Family: "scripted@1")));
        ResultFilter[] passedByNone = [new("x"), new(null, "x"), new(Family: "x"), new(Session: "x"), new(RunId: "x"), new(TrialId: "x")];
        foreach (var filter in passedByNone) Assert.Empty(await Ids(store, filter));
    }

    [Fact]
    public async Task A_store_gives_samples_only_when_asked()
    {
        var store = new InMemoryResultStore();
        var timed = new Timed("offline", 1, 5);
        await store.AppendAsync(Run("a", 1) with { Timings = [timed] }, Cancellation);
        await foreach (var run in store.ReadAsync(new(), Cancellation)) Assert.Empty(run.Timings);
        await foreach (var run in store.ReadAsync(new(Detail: true), Cancellation)) Assert.Equal([timed], run.Timings);
    }

    [Fact]
    public async Task A_store_refuses_what_no_store_could_hold_and_what_the_test_says()
    {
        var wrong = Run("a", 1) with { Metrics = [new("accuracy", 1, double.NaN, "1", Direction.Higher, "derived")] };
        await Assert.ThrowsAsync<ArgumentException>(async () => await new InMemoryResultStore().AppendAsync(wrong, Cancellation));
        var full = new InMemoryResultStore { Refuse = run => run.RunId == "b" ? new IOException("disk full") : null };
        await full.AppendAsync(Run("a", 1), Cancellation);
        await Assert.ThrowsAsync<IOException>(async () => await full.AppendAsync(Run("b", 1), Cancellation));
        Assert.Single(full.Runs);
    }

    [Fact]
    public async Task An_agent_tells_its_script_and_remembers_its_trials()
    {
        await using var agent = new ScriptedAgent([.. ScriptedAgent.Success([new ParityPrediction(1, 0.5)])]);
        var told = new List<Observation>();
        await foreach (var observation in agent.RunAsync(Trial, Cancellation)) told.Add(observation);
        Assert.Equal([Trial], agent.Trials);
        Assert.IsType<Hello>(told[0]);
        Assert.Equal(RunState.Ok, Assert.IsType<Finished>(told[^1]).State);
        Assert.Equal("""{"confidence":0.5,"parity":1}""", CanonicalJson.Write(Assert.Single(told.OfType<Predicted>()).Predictions[0]));
        Assert.True((await agent.DescribeAsync(Cancellation)).Emulated);
        await agent.DisposeAsync();
        Assert.Equal(1, agent.Disposals);
    }

    [Fact]
    public async Task An_agent_stops_when_it_is_cancelled_and_fails_when_its_script_does()
    {
        using var stop = new CancellationTokenSource();
        await using var agent = new ScriptedAgent([.. ScriptedAgent.Failure(RunState.Failed, "diverged")]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in agent.RunAsync(Trial, stop.Token)) await stop.CancelAsync();
        });
        await using var broken = new ScriptedAgent((_, _) => throw new IOException("pipe closed"));
        await Assert.ThrowsAsync<IOException>(async () => { await foreach (var _ in broken.RunAsync(Trial, Cancellation)) { } });
    }

    [Fact]
    public void The_metric_of_the_numbers_is_the_share_of_right_answers()
    {
        var tally = new ParityAccuracy().Begin();
        foreach (var number in Numbers.Range(0, 4)) tally.Add(number, new(0, 1));
        Assert.Equal(0.5, tally.Total());
    }

    [Fact]
    public async Task A_family_that_waits_ends_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var context = new RunContext(1, 1, Cache, new ManualTime(), new RecordingProgress<TrainingPoint>(), stop.Token);
        var training = Task.Run(() => new ScriptedFamily(Fault.TrainingWaits).Prepare(new([], []), context), Cancellation);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => training);
    }

    static DirectoryInfo Cache { get; } = new(Path.GetTempPath());

    static Trial Trial { get; } = new("numbers", "parity", "numbers@1", "scripted@1", JsonDocument.Parse("{}").RootElement, 1, "cpu", 1);

    static RunRecord Run(string id, int hour) => new(id, "trial", Trial, RunState.Ok, null, new("d", "cpu", "p", 1, 1, "o", "r"),
        new DateTimeOffset(2000, 1, 1, hour, 0, 0, TimeSpan.Zero), new DateTimeOffset(2000, 1, 1, hour, 1, 0, TimeSpan.Zero),
        new("0", "c", false, "", "session", "plan", "manual"));

    static async Task<List<string>> Ids(InMemoryResultStore store, ResultFilter filter)
    {
        var ids = new List<string>();
        await foreach (var run in store.ReadAsync(filter, Cancellation)) ids.Add(run.RunId);
        return ids;
    }
}
