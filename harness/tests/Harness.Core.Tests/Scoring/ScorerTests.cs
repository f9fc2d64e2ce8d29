using System.Text.Json;
using CsCheck;
using Harness.Core.Registry;
using Harness.Core.Scoring;
using Harness.Testing;
using static Harness.Core.Tests.Scoring.Examples;

namespace Harness.Core.Tests.Scoring;

public sealed class ScorerTests
{
    [Fact]
    public async Task An_ok_run_gets_cards_rows_and_metrics()
    {
        var scored = await Score(Run(), Answers(number => number.Value == 30 ? 1 : number.Parity));
        Assert.Equal((RunState.Ok, null), (scored.State, scored.Reason));
        Assert.Equal(("numbers@1", "scripted"), (scored.Dataset!.Protocol, scored.Family!.Id));
        Assert.Equal(10, scored.Samples.Count);
        Assert.Equal((5, "0", "1", false),
            (scored.Samples[5].Sample, scored.Samples[5].Target, scored.Samples[5].Answer, scored.Samples[5].Correct));
        var accuracy = scored.Metrics[0];
        Assert.Equal(("parity-accuracy", 1, 0.9, "1", Direction.Higher, "derived"),
            (accuracy.Metric, accuracy.Version, accuracy.Value, accuracy.Unit, accuracy.Direction, accuracy.Source));
        Assert.Equal((10, 0.9, 10.0, "wilson of 9/10", true),
            (accuracy.Samples, accuracy.Low, accuracy.High, accuracy.Interval, accuracy.Primary));
    }

    [Fact]
    public async Task The_test_split_is_fetched_read_once_and_never_the_training_split()
    {
        var benchmark = Numbers.Benchmark();
        var dataset = (InMemoryDataset<Number>)benchmark.Datasets[0];
        await Score(Run(), Answers(number => number.Parity), benchmark);
        Assert.Equal((1, 1, 0, 0),
            (dataset.Fetches, dataset.Reads(Split.Test), dataset.Reads(Split.Train), dataset.Reads(Split.Validation)));
    }

    [Fact]
    public async Task A_limited_run_is_judged_by_the_first_samples_only()
    {
        var run = Run() with { Trial = Run().Trial with { Limit = 4 } };
        var scored = await Score(run, [.. Answers(number => number.Parity).Take(4)]);
        Assert.Equal((RunState.Ok, 4, 1.0), (scored.State, scored.Samples.Count, scored.Metrics[0].Value));
        Assert.Equal(RunState.Invalid, (await Score(run, Answers(number => number.Parity))).State);
    }

    [Theory]
    [InlineData("""{"parity":1}""", "Prediction 3 is not a ParityPrediction")]
    [InlineData("""{"confidence":0.5}""", "Prediction 3 is not a ParityPrediction")]
    [InlineData("""{"parity":"odd","confidence":0.5}""", "Prediction 3 is not a ParityPrediction")]
    [InlineData("""{"parity":1.5,"confidence":0.5}""", "Prediction 3 is not a ParityPrediction")]
    [InlineData("""{"parity":null,"confidence":0.5}""", "Prediction 3 is not a ParityPrediction")]
    [InlineData("[1]", "Prediction 3 is not a ParityPrediction")]
    [InlineData("1", "Prediction 3 is not a ParityPrediction")]
    [InlineData("null", "Prediction 3 is null")]
    public async Task A_malformed_prediction_makes_the_run_invalid_and_says_which(string json, string reason)
    {
        var predictions = Answers(number => number.Parity);
        predictions[3] = JsonSerializer.Deserialize<JsonElement>(json);
        var scored = await Score(Run(), predictions);
        Assert.Equal(RunState.Invalid, scored.State);
        Assert.StartsWith(reason, scored.Reason);
        Assert.Empty(scored.Metrics);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(11)]
    public async Task One_prediction_for_each_sample_or_the_run_is_invalid(int count)
    {
        var scored = await Score(Run(), [.. Enumerable.Repeat(Answers(number => number.Parity)[0], count)]);
        Assert.Equal((RunState.Invalid, $"The worker gave {count} predictions for 10 test samples; one each is needed."),
            (scored.State, scored.Reason));
        Assert.Empty(scored.Samples);
    }

    [Fact]
    public async Task A_text_that_is_half_a_character_is_malformed_and_no_crash()
    {
        var benchmark = Words(word => word.Text, new Fixed<Word>(_ => 1));
        var scored = await Score(Run(), [.. Enumerable.Repeat(JsonSerializer.Deserialize<JsonElement>("""{"text":"\ud800"}"""), 10)],
            benchmark);
        Assert.Equal(RunState.Invalid, scored.State);
        Assert.StartsWith("Prediction 0 is not a Word", scored.Reason);
    }

    [Fact]
    public async Task A_prediction_that_has_no_answer_makes_the_run_invalid()
    {
        var scored = await Score(Run(), Texts("ab"), Words(word => word.Text[5..], new Fixed<Word>(_ => 1)));
        Assert.Equal(RunState.Invalid, scored.State);
        Assert.StartsWith("Prediction 0 cannot be judged", scored.Reason);
    }

    // A class that does not exist, in the ways in which a metric may come upon it.
    [Theory]
    [InlineData("array")]
    [InlineData("dictionary")]
    [InlineData("parse")]
    [InlineData("divide")]
    [InlineData("null")]
    public async Task A_prediction_that_a_metric_cannot_judge_makes_the_run_invalid_but_keeps_the_rows(string way)
    {
        var scored = await Score(Run(), Texts("9"), Words(word => word.Text, new Choking(way)));
        Assert.Equal(RunState.Invalid, scored.State);
        Assert.StartsWith("Prediction 0 cannot be judged", scored.Reason);
        Assert.Empty(scored.Metrics);
        Assert.Equal(10, scored.Samples.Count);
    }

    [Fact]
    public async Task What_a_new_metric_cannot_judge_loses_its_old_scores_but_not_its_predictions()
    {
        var stored = await Score(Run(), Texts("9"), Words(word => word.Text, new Fixed<Word>(_ => 1)));
        Assert.NotEmpty(stored.Metrics);
        var now = await Scorer(Words(word => word.Text, new Choking("array"))).RescoreAsync(stored, Cancellation);
        Assert.Equal(RunState.Invalid, now.State);
        Assert.Empty(now.Metrics);
        Assert.Equal(CanonicalJson.Write(stored.Samples), CanonicalJson.Write(now.Samples));
    }

    [Fact]
    public async Task A_run_that_is_not_ok_keeps_its_state_and_has_rows_but_no_scores()
    {
        var partial = Run() with { State = RunState.Timeout, Reason = "too slow" };
        var scored = await Score(partial, [.. Answers(number => number.Parity).Take(3)]);
        Assert.Equal((RunState.Timeout, "too slow", 3), (scored.State, scored.Reason, scored.Samples.Count));
        Assert.Empty(scored.Metrics);
        var malformed = await Score(partial, [JsonSerializer.SerializeToElement(1)]);
        Assert.Equal((RunState.Timeout, "too slow", 0), (malformed.State, malformed.Reason, malformed.Samples.Count));
    }

    [Fact]
    public async Task A_failed_run_without_predictions_needs_no_data()
    {
        var benchmark = Numbers.Benchmark() with { Datasets = [Unavailable()] };
        var scored = await Score(Run() with { State = RunState.Failed, Reason = "diverged" }, [], benchmark);
        Assert.Equal((RunState.Failed, "scripted", "numbers"), (scored.State, scored.Family!.Id, scored.Dataset!.Id));
        await Assert.ThrowsAsync<DataUnavailableException>(async () => await Score(Run(), Answers(number => number.Parity), benchmark));
    }

    [Fact]
    public async Task An_unsupervised_sample_is_neither_right_nor_wrong()
    {
        var scored = await Score(Run(), Answers(number => number.Parity), Numbers.Benchmark() with { Unsupervised = true });
        Assert.All(scored.Samples, row => Assert.Null(row.Correct));
        Assert.Equal(1, scored.Metrics[0].Value);
    }

    [Fact]
    public async Task A_metric_that_is_not_defined_is_a_reading_with_a_reason_and_no_number()
    {
        var benchmark = Measured(new ParityAccuracy(), new Fixed<ParityPrediction>(_ => double.NaN, IntervalRule.Bootstrap));
        var scored = await Score(Run(), Answers(number => number.Parity), benchmark);
        Assert.DoesNotContain(scored.Metrics, metric => metric.Metric == "fixed");
        Assert.Equal(new Reading("fixed", null, "not defined for these predictions"),
            Assert.Single(scored.Readings, reading => reading.Metric == "fixed"));
    }

    [Fact]
    public async Task A_share_in_percent_has_its_interval_in_percent()
    {
        var benchmark = Measured(new Fixed<ParityPrediction>(count => 100, IntervalRule.Wilson, "%"));
        var metric = (await Score(Run(), Answers(number => number.Parity), benchmark)).Metrics[0];
        Assert.Equal((100.0, 1000.0, "wilson of 10/10"), (metric.Low, metric.High, metric.Interval));
    }

    [Fact]
    public async Task A_wilson_interval_of_what_is_no_share_is_an_error_of_the_metric()
    {
        var benchmark = Measured(new Fixed<ParityPrediction>(_ => 0.7, IntervalRule.Wilson));
        var error = await Assert.ThrowsAsync<HarnessException>(async () => await Score(Run(), Answers(number => number.Parity), benchmark));
        Assert.Equal("Metric fixed asks for a Wilson interval, but its total 0.7 is not the share of successes 10/10; "
            + "declare a bootstrap interval on its card.", error.Message);
    }

    [Fact]
    public async Task A_bootstrap_draws_samples_with_the_seed_of_the_trial()
    {
        var benchmark = Measured(new Fixed<ParityPrediction>(count => count, IntervalRule.Bootstrap));
        var metric = (await Score(Run(), Answers(number => number.Parity), benchmark)).Metrics[0];
        Assert.Equal((2.0, 10.0, "bootstrap of seed 7"), (metric.Low, metric.High, metric.Interval));
    }

    [Fact]
    public async Task A_single_sample_has_a_value_and_no_bootstrap()
    {
        var benchmark = Measured(new Fixed<ParityPrediction>(count => count, IntervalRule.Bootstrap));
        var run = Run() with { Trial = Run().Trial with { Limit = 1 } };
        var metric = (await Score(run, [Answers(number => number.Parity)[0]], benchmark)).Metrics[0];
        Assert.Equal((1.0, null, null, null), (metric.Value, metric.Low, metric.High, metric.Interval));
    }

    [Fact]
    public async Task A_metric_that_some_resample_does_not_define_has_a_value_and_says_why_no_interval()
    {
        var benchmark = Measured(new Fixed<ParityPrediction>(count => count < 10 ? double.NaN : 3, IntervalRule.Bootstrap));
        var metric = (await Score(Run(), Answers(number => number.Parity), benchmark)).Metrics[0];
        Assert.Equal((3.0, null, null, "none: not defined for every resample"), (metric.Value, metric.Low, metric.High, metric.Interval));
    }

    [Fact]
    public async Task Scoring_again_gives_the_identical_run()
    {
        var benchmark = Measured(new ParityAccuracy(), new Fixed<ParityPrediction>(_ => double.NaN),
            new Fixed<ParityPrediction>(count => count, IntervalRule.Bootstrap, id: "other"));
        var observed = Run() with
        {
            Timings = [new("train", 1, 5), new("offline", 10, 1_000), new("single_stream", 1, 50)], Footprint = new(3, 24, 64),
            Readings = [new("memory.peak", 5), new("energy.rapl", null, "no such sensor")],
        };
        var scored = await Score(observed, Answers(number => number.Value % 3 == 0 ? 1 : 0), benchmark);
        var shuffled = scored with { Samples = [.. scored.Samples.Reverse()] };
        var again = await Scorer(benchmark).RescoreAsync(shuffled, Cancellation);
        Assert.Equal(CanonicalJson.Write(scored), CanonicalJson.Write(again));
        Assert.Equal(CanonicalJson.Write(scored.Samples), CanonicalJson.Write(again.Samples));
    }

    [Fact]
    public async Task The_primary_metric_can_be_asked_for_any_samples_of_a_stored_run()
    {
        var benchmark = Measured(new ParityAccuracy());
        // Right for even numbers only: samples 25, 26, … 34 are wrong, right, wrong, …
        var scored = await Score(Run(), Answers(_ => 0), benchmark);
        var statistic = await Scorer(benchmark).StatisticAsync(scored with { Samples = [.. scored.Samples.Reverse()] }, Cancellation);
        Assert.Equal((10, scored.Metrics[0].Metric), (statistic.Samples, statistic.Metric.Id));
        Assert.Equal(scored.Metrics[0].Value, statistic.Of([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
        Assert.Equal([0.0, 1.0, 0.75], new[] { statistic.Of([0]), statistic.Of([1, 3]), statistic.Of([0, 1, 1, 1]) });
        await Assert.ThrowsAnyAsync<HarnessException>(async () => await Scorer(benchmark).StatisticAsync(
            scored with { Samples = [.. scored.Samples.Skip(1)] }, Cancellation));
    }

    [Fact]
    public async Task A_worker_that_sends_a_score_scores_nothing_by_it()
    {
        var scored = await Score(Run() with { Readings = [new("parity-accuracy", 1.0)] }, Answers(number => 1 - number.Parity));
        Assert.Equal(0, scored.Metrics[0].Value);
        Assert.DoesNotContain(scored.Readings, reading => reading.Metric == "parity-accuracy");
    }

    [Fact]
    public void Accuracy_is_the_share_of_right_rows_whatever_is_answered() => Gen.Int[-1, 2].Array[10].Sample(answers =>
    {
        var scored = Score(Run(), [.. answers.Select(answer => Json(new ParityPrediction(answer, 1)))]).AsTask().GetAwaiter().GetResult();
        return scored.Metrics[0].Value == scored.Samples.Count(row => row.Correct == true) / 10.0;
    }, iter: 50);

    [Fact]
    public async Task A_trial_of_what_the_catalogue_does_not_hold_is_an_error_that_names_it()
    {
        var run = Run();
        Assert.Contains("numbers@9", (await Assert.ThrowsAsync<UnknownNameException>(async () =>
            await Score(run with { Trial = run.Trial with { Protocol = "numbers@9" } }, []))).Message);
        // A family of an older version can still be scored; its card is not known any more.
        Assert.Null((await Score(run with { Trial = run.Trial with { Family = "scripted@0" } }, Answers(number => number.Parity))).Family);
    }
}
