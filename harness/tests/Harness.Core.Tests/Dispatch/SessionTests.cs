using System.Text.Json;
using Harness.Core.Dispatch;
using Harness.Core.Registry;
using Harness.Core.Scoring;
using Harness.Testing;

namespace Harness.Core.Tests.Dispatch;

public sealed class SessionTests
{
    static readonly ParityPrediction[] Right = [.. Numbers.Range(25, 10).Select(number => new ParityPrediction(number.Parity, 0.9))];

    readonly InMemoryResultStore _store = new();
    readonly RecordingProgress<SessionEvent> _events = new();
    readonly ManualTime _time = new() { PerLook = TimeSpan.FromSeconds(1) };
    int _made;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_trial_becomes_one_scored_run_stored_before_the_next_starts()
    {
        var storedAtStart = new List<int>();
        var agent = new ScriptedAgent((_, _) =>
        {
            storedAtStart.Add(_store.Runs.Count);
            return ScriptedAgent.Success(Right).ToAsyncEnumerable();
        });
        var summary = await Session(agent).RunAsync(Trials(3), Cancellation);
        Assert.Equal([0, 1, 2], storedAtStart);
        Assert.Equal(3, summary.Count(RunState.Ok));
        Assert.False(summary.Interrupted);
        Assert.All(_store.Runs, run =>
        {
            Assert.Equal(1, run.Metrics.Single(metric => metric.Primary).Value);
            Assert.Equal(10, run.Samples.Count);
            Assert.Equal(run.Trial.Id, run.TrialId);
            Assert.Equal("scripted", run.Device.Id);
            Assert.True(run.Ended > run.Started);
        });
    }

    [Fact]
    public async Task A_run_of_another_device_states_its_agreement_with_the_reference()
    {
        ParityPrediction[] wrong = [.. Right.Select((prediction, index) => index == 3 ? prediction with { Confidence = 0.4 } : prediction)];
        var processor = new DeviceCard("processor", "cpu", "none", 1, 1L << 30, "none", "none");
        await Session(new ScriptedAgent(ScriptedAgent.Success(Right)) { Device = processor }).RunAsync(Trials(1), Cancellation);

        await Session(new ScriptedAgent(ScriptedAgent.Success(wrong)) { Device = processor with { Class = "phone" } })
            .RunAsync(Trials(1), Cancellation);

        Assert.DoesNotContain(_store.Runs[0].Metrics, metric => metric.Metric == DeviceAgreement.AgreementCard.Id);
        Assert.Equal(1, _store.Runs[1].Metrics.Single(metric => metric.Metric == DeviceAgreement.AgreementCard.Id).Value);
        Assert.Equal(0.5, _store.Runs[1].Metrics.Single(metric => metric.Metric == DeviceAgreement.DivergenceCard.Id).Value, 6);
    }

    [Fact]
    public async Task A_failing_trial_becomes_a_row_and_the_session_goes_on()
    {
        var agent = new ScriptedAgent((trial, _) =>
            (trial.Seed == 1 ? ScriptedAgent.Failure(RunState.Failed, "The loss is NaN.") : ScriptedAgent.Success(Right))
                .ToAsyncEnumerable());
        var summary = await Session(agent).RunAsync(Trials(2), Cancellation);
        Assert.Equal([RunState.Failed, RunState.Ok], summary.Runs.Select(run => run.State));
        Assert.Equal("The loss is NaN.", _store.Runs[0].Reason);
        Assert.Empty(_store.Runs[0].Metrics);
    }

    [Fact]
    public async Task An_agent_that_throws_is_an_infrastructure_row()
    {
        static async IAsyncEnumerable<Observation> Break()
        {
            yield return new Hello(1, "scripted", "1");
            await Task.Yield();
            throw new IOException("The cable is out.");
        }
        var summary = await Session(new ScriptedAgent((_, _) => Break())).RunAsync(Trials(1), Cancellation);
        Assert.Equal(RunState.InfraError, summary.Runs[0].State);
        Assert.Contains("The cable is out.", summary.Runs[0].Reason);
    }

    [Fact]
    public async Task An_agent_that_ends_without_a_verdict_is_an_infrastructure_row()
    {
        var summary = await Session(new ScriptedAgent(new Hello(1, "scripted", "1"))).RunAsync(Trials(1), Cancellation);
        Assert.Equal(RunState.InfraError, summary.Runs[0].State);
        Assert.Contains("without saying how", summary.Runs[0].Reason);
    }

    [Fact]
    public async Task Predictions_that_leave_a_sample_out_are_an_infrastructure_row()
    {
        var agent = new ScriptedAgent(new Hello(1, "scripted", "1"), new Predicted(1, [JsonSerializer.SerializeToElement(1)]),
            new Finished(RunState.Ok, null));
        var summary = await Session(agent).RunAsync(Trials(1), Cancellation);
        Assert.Equal(RunState.InfraError, summary.Runs[0].State);
        Assert.Contains("from sample 1 on; 0 was due", summary.Runs[0].Reason);
    }

    [Fact]
    public async Task A_wrong_number_of_predictions_is_invalid_and_scores_nothing()
    {
        var summary = await Session(new ScriptedAgent(ScriptedAgent.Success(Right.Take(3)))).RunAsync(Trials(1), Cancellation);
        Assert.Equal(RunState.Invalid, summary.Runs[0].State);
        Assert.Contains("3 predictions for 10", summary.Runs[0].Reason);
        Assert.Empty(summary.Runs[0].Metrics);
    }

    [Fact]
    public async Task A_test_split_that_cannot_be_had_where_scores_are_made_is_an_infrastructure_row()
    {
        var summary = await Session(new ScriptedAgent(ScriptedAgent.Success(Right)), new DataUnavailableException("The disk is gone."))
            .RunAsync(Trials(1), Cancellation);
        Assert.Equal(RunState.InfraError, summary.Runs[0].State);
        Assert.Contains("cannot be scored: The disk is gone.", summary.Runs[0].Reason);
    }

    [Fact]
    public async Task An_interrupt_stores_the_trial_under_way_as_aborted_and_starts_no_other()
    {
        using var interrupt = new CancellationTokenSource();
        var agent = new ScriptedAgent((trial, _) =>
        {
            if (trial.Seed == 2) interrupt.Cancel();
            return ScriptedAgent.Success(Right).ToAsyncEnumerable();
        });
        var summary = await Session(agent).RunAsync(Trials(5), interrupt.Token);
        Assert.True(summary.Interrupted);
        Assert.Equal([RunState.Ok, RunState.Aborted], _store.Runs.Select(run => run.State));
    }

    [Fact]
    public async Task A_store_that_cannot_take_a_run_ends_the_session()
    {
        var store = new InMemoryResultStore { Refuse = run => run.Trial.Seed == 2 ? new HarnessException("The disk is full.") : null };
        var agent = new ScriptedAgent(ScriptedAgent.Success(Right));
        var error = await Assert.ThrowsAsync<HarnessException>(() => Session(agent, store: store).RunAsync(Trials(5), Cancellation));
        Assert.Equal("The disk is full.", error.Message);
        Assert.Equal(2, agent.Trials.Count);
    }

    [Fact]
    public async Task An_ok_run_is_skipped_when_asked_and_a_failed_one_is_run_again()
    {
        var first = new ScriptedAgent((trial, _) =>
            (trial.Seed == 2 ? ScriptedAgent.Failure(RunState.Timeout, "slow") : ScriptedAgent.Success(Right)).ToAsyncEnumerable());
        await Session(first).RunAsync(Trials(3), Cancellation);
        var again = new ScriptedAgent(ScriptedAgent.Success(Right));
        var summary = await Session(again, skipExisting: true).RunAsync(Trials(3), Cancellation);
        Assert.Equal(2, summary.Skipped);
        Assert.Equal([2], again.Trials.Select(trial => trial.Seed));
    }

    [Fact]
    public async Task Observations_are_kept_as_they_came()
    {
        await Session(new ScriptedAgent(
            new Hello(1, "scripted", "1"), new Trained(new(1, 0.7, 0.5, 1)), new Trained(new(2, 0.4, 0.75, 2)), new Timed("train", 8, 5),
            new Described(new(3, 24, 64), null), new Timed("offline", 10, 2_000_000),
            new Read(new("memory.peak", 1000)), new Read(new("energy.rapl", null, "no such sensor")),
            ScriptedAgent.Success(Right).OfType<Predicted>().Single(),
            new Described(new(3, 24, 64), new([new("parity", "linear", 1, 2, 3)], 4)), new Finished(RunState.Ok, null))).RunAsync(Trials(1),
                Cancellation);
        var run = Assert.Single(_store.Runs);
        Assert.Equal([0.7, 0.4], run.Curve.Select(point => point.Loss));
        Assert.Equal(["train", "offline"], run.Timings.Select(timing => timing.Stage));
        Assert.Equal(new Footprint(3, 24, 64), run.Footprint);
        Assert.Equal(2, run.Operations!.Acs);
        Assert.Contains(run.Readings, reading => reading is { Metric: "energy.rapl", Value: null, Reason: "no such sensor" });
        Assert.Equal(5000, run.Metrics.Single(metric => metric.Metric == "speed.samples_per_second").Value, 1e-9);
    }

    [Fact]
    public async Task Watchers_hear_of_each_step_and_of_the_time_left_once_a_trial_has_ended()
    {
        await Session(new ScriptedAgent(ScriptedAgent.Success(Right))).RunAsync(Trials(2), Cancellation);
        var first = _events.Reports.Where(value => value.Trial.Seed == 1).ToList();
        Assert.IsType<TrialStarted>(first[0]);
        Assert.Equal(["fetch", "load", "train", "predict"], first.OfType<TrialPhase>().Select(phase => phase.Phase));
        Assert.Equal(0.5, Assert.Single(first.OfType<TrialEpoch>()).Point.Loss);
        Assert.IsType<TrialFinished>(first[^1]);
        Assert.Null(first[0].Progress.Remaining);
        var second = _events.Reports.OfType<TrialStarted>().Single(value => value.Trial.Seed == 2);
        Assert.Equal((2, 2), (second.Progress.Position, second.Progress.Total));
        Assert.NotNull(second.Progress.Remaining);
    }

    Session Session(IDeviceAgent agent, Exception? unavailable = null, bool skipExisting = false, InMemoryResultStore? store = null) =>
        new(new SessionParts(agent, Scorer(unavailable),
            store ?? _store, _time, () => $"RUN{++_made:000000}", new Provenance("0", "c0ffee", false, "harness run", "session", "plan",
                "manual"))
        { Progress = _events, SkipExisting = skipExisting });

    internal static Scorer Scorer(Exception? unavailable = null) =>
        new(Catalogue(unavailable), new DirectoryInfo(Path.GetTempPath()), new NoIntervals(), []);

    internal static List<Trial> Trials(int count) =>
        [.. Enumerable.Range(1, count).Select(seed => new Trial("numbers", "parity", "numbers@1", "scripted@1",
            JsonDocument.Parse("{}").RootElement, seed, "cpu", 1))];

    static Catalogue Catalogue(Exception? unavailable) => new([Numbers.Suite with
    {
        Benchmarks =
        [
            Numbers.Benchmark() with
            {
                Datasets =
                [
                    new InMemoryDataset<Number>("numbers", new Dictionary<Split,
                        IReadOnlyList<Number>> { [Split.Test] = Numbers.Range(25, 10) })
                    { Unavailable = unavailable },
                ],
            },
        ],
    }]);

    sealed class NoIntervals : IIntervals
    {
        public Interval Wilson(int successes, int trials) => new(0, 1, "none");
        public Interval Bootstrap(Func<ReadOnlySpan<int>, double> statistic, int samples, int seed) => new(0, 1, "none");
    }
}
