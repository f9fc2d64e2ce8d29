using Harness.Agent.Running;

namespace Harness.Agent.Tests.Running;

public sealed class TrialRunnerTests
{
    [Fact]
    public void A_run_tells_its_phases_in_order()
    {
        var phases = Observe(Sums.Trial()).OfType<PhaseStarted>().Select(phase => phase.Phase);

        Assert.Equal(["fetch", "load", "train", "predict", "latency", "count"], phases);
    }

    [Fact]
    public void Every_test_sample_is_predicted_once_and_in_order()
    {
        var predicted = Observe(Sums.Trial()).OfType<Predicted>().ToList();

        Assert.Equal(0, predicted[0].First);
        Assert.Equal(Enumerable.Range(0, Sums.TestCount).Select(index => index + (int)Split.Test),
            predicted.SelectMany(line => line.Predictions).Select(prediction => prediction.GetProperty("value").GetInt32()));
    }

    [Fact]
    public void Timed_calls_are_told_by_stage_and_size()
    {
        var timed = Observe(Sums.Trial()).OfType<Timed>().ToLookup(call => call.Stage, call => call.Operations);

        Assert.Equal([5], timed["train"]);
        Assert.Equal([4, 1, 1, 1], timed["warmup"]);
        Assert.Equal([4, 4, 2], timed["offline"]);
        Assert.Equal([1, 1, 1, 1, 1], timed["single_stream"]);
    }

    [Fact]
    public void Only_the_predict_call_is_inside_the_clock()
    {
        var time = new SteppingTime(nanosecondsPerLook: 1000);

        var timed = Observe(Sums.Trial(), time: time).OfType<Timed>().Where(call => call.Stage == "offline");

        Assert.All(timed, call => Assert.Equal(1000, call.Nanoseconds));
    }

    [Fact]
    public void A_limit_ends_the_test_split_early()
    {
        var observations = Observe(Sums.Trial() with { Limit = 3 });

        Assert.Equal(3, observations.OfType<Predicted>().Sum(line => line.Predictions.Count));
    }

    [Fact]
    public void Training_targets_are_shown_to_a_supervised_family() => Assert.Equal(5, ParametersOf("sums"));

    [Fact]
    public void Training_targets_are_withheld_from_an_unsupervised_family() => Assert.Equal(0, ParametersOf("blind"));

    [Fact]
    public void Counts_of_uneven_batches_are_means_over_their_samples()
    {
        var counted = Observe(Sums.Trial()).OfType<Described>().Last().Operations!;

        Assert.Equal(6, counted.Samples);
        Assert.Equal((0 + 1 + 2 + 3 + 4 + 5) / 6.0, counted.Acs, 12);
        Assert.Equal(0.5, counted.Layers[0].InputRate!.Value, 12);
    }

    [Fact]
    public void Operations_that_a_model_cannot_count_are_absent_with_the_reason_and_the_run_stands()
    {
        var observations = Observe(Trouble("uncounted"));

        Assert.Equal(new Finished(RunState.Ok, null), observations[^1]);
        Assert.DoesNotContain(observations.OfType<Described>(), described => described.Operations is not null);
        Assert.Contains(new Reading("operations.counted", null, "carries are not counted"),
            observations.OfType<Read>().Select(read => read.Reading));
    }

    [Fact]
    public void A_family_is_told_the_card_of_its_dataset() =>
        Assert.Equal(new Finished(RunState.Failed, "The dataset is pairs@1."), Observe(Trouble("cardless"))[^1]);

    [Theory]
    [InlineData("blind", RunState.Ok, null)]
    [InlineData("sums", RunState.InfraError, "untaught@1 has no training samples for sums.")]
    public void A_set_without_training_samples_serves_only_where_nothing_is_learnt_from_targets(string benchmark, RunState state,
        string? reason)
    {
        var observations = Observe(Sums.Trial(protocol: "untaught@1", benchmark: benchmark));
        Assert.Equal(new Finished(state, reason), observations[^1]);
        Assert.DoesNotContain(observations.OfType<Timed>(), call => call.Operations == 0);
    }

    [Fact]
    public void The_training_curve_is_passed_on() =>
        Assert.Equal([1, 2, 3], Observe(Sums.Trial(configuration: """{"epochs":3}""")).OfType<Trained>()
            .Select(trained => trained.Point.Epoch));

    [Fact]
    public void Equal_answers_alone_and_in_a_batch_give_a_share_of_one() => Assert.Equal(1, ConsistencyOf(Sums.Trial()));

    [Fact]
    public void A_model_that_answers_differently_alone_is_found_out() => Assert.Equal(0, ConsistencyOf(Trouble("moody")));

    [Theory]
    [InlineData("training", RunState.Failed, "The learning rate is too high.")]
    [InlineData("unsupported", RunState.Unsupported, "Needs an accelerator.")]
    [InlineData("memory", RunState.Failed, "out of memory: ")]
    [InlineData("bug", RunState.Failed,
        "InvalidOperationException: Sequence contains no elements. at Harness.Agent.Tests.Running.Troublemaker.Prepare")]
    [InlineData("nan-loss", RunState.Failed, "Training diverged: the loss is NaN at epoch 3.")]
    [InlineData("nan", RunState.Failed, "Prediction 6 of the test split cannot be written as JSON")]
    [InlineData("forgetful", RunState.Failed, "Predict returned 3 predictions for 4 samples")]
    public void Trouble_becomes_a_state_and_a_reason(string trouble, RunState state, string reason)
    {
        var finished = Assert.Single(Observe(Trouble(trouble)).OfType<Finished>());

        Assert.Equal(state, finished.State);
        Assert.Contains(reason, finished.Reason);
    }

    [Fact]
    public void Data_that_cannot_be_had_is_the_fault_of_the_place_and_not_of_the_model()
    {
        var finished = (Finished)Observe(Sums.Trial(protocol: "lost@1"))[^1];

        Assert.Equal(new Finished(RunState.InfraError, "No source has pairs.bin; put it into the cache."), finished);
    }

    [Fact]
    public void A_family_that_this_worker_does_not_know_is_unsupported()
    {
        var finished = (Finished)Observe(Sums.Trial("adder@2"))[^1];

        Assert.Equal(RunState.Unsupported, finished.State);
        Assert.Contains("adder@1", finished.Reason);
    }

    [Fact]
    public void A_configuration_that_does_not_fit_fails_with_its_key()
    {
        var finished = (Finished)Observe(Sums.Trial(configuration: """{"epoch":3}"""))[^1];

        Assert.Equal(RunState.Failed, finished.State);
        Assert.Contains("epochs", finished.Reason);
    }

    [Fact]
    public void A_cancelled_run_is_aborted()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.CancelAfter(50);

        var finished = (Finished)Observe(Trouble("wait"), cancellation: cancelled.Token)[^1];

        Assert.Equal(RunState.Aborted, finished.State);
    }

    [Fact]
    public void Probes_stand_around_the_offline_stage_and_nothing_else()
    {
        var probe = new OffsetProbe();

        var observations = Observe(Sums.Trial(), probe);

        Assert.Equal(["offline", "offline", "offline"], probe.Seen.OfType<Timed>().Select(call => call.Stage));
        Assert.Contains(new Read(new Reading("probe.calls", 3)), observations);
    }

    static Trial Trouble(string trouble) => Sums.Trial("troublemaker@1", $$"""{"trouble":"{{trouble}}"}""");

    static long ParametersOf(string benchmark) => Observe(Sums.Trial(benchmark: benchmark)).OfType<Described>()
        .First().Footprint.Parameters;

    static double ConsistencyOf(Trial trial) => Observe(trial).OfType<Read>()
        .Single(read => read.Reading.Metric == "consistency.single_vs_batch").Reading.Value!.Value;

    static List<Observation> Observe(Trial trial, OffsetProbe? probe = null, TimeProvider? time = null,
        CancellationToken? cancellation = null)
    {
        var observations = new List<Observation>();
        probe?.Watch(observations);
        var benchmark = Sums.Catalogue.Benchmark(trial.Suite, trial.Benchmark).Benchmark;
        new TrialRunner(benchmark, Sums.Request(trial), time ?? TimeProvider.System, probe is null ? [] : [probe], observations.Add,
            cancellation ?? TestContext.Current.CancellationToken).Run();
        Assert.Single(observations.OfType<Finished>());
        Assert.IsType<Finished>(observations[^1]);
        return observations;
    }

    sealed class OffsetProbe : IProbe
    {
        List<Observation> observations = [];
        public List<Observation> Seen { get; } = [];
        public IReadOnlyList<MetricCard> Quantities => [];
        public void Watch(List<Observation> all) => observations = all;

        public IReadOnlyList<Reading> Around(Action work)
        {
            var before = observations.Count;
            work();
            Seen.AddRange(observations[before..]);
            return [new("probe.calls", Seen.Count)];
        }
    }

    sealed class SteppingTime(long nanosecondsPerLook) : TimeProvider
    {
        long now;
        public override long TimestampFrequency => 1_000_000_000;
        public override long GetTimestamp() => now += nanosecondsPerLook;
    }
}
