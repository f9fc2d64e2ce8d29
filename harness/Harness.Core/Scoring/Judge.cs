using System.Text.Json;

namespace Harness.Core.Scoring;

/// <summary>Judges the predictions of one run against the test samples of its benchmark.</summary>
sealed class Judge<TSample, TPrediction>(Benchmark<TSample, TPrediction> benchmark, IReadOnlyList<TSample> samples, IIntervals intervals)
{
    // A prediction with a missing member is malformed, not a default value.
    static readonly JsonSerializerOptions Strict = new(CanonicalJson.Options)
    { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <exception cref="PredictionException">The run is ok, but its predictions are not one well-formed answer per sample.</exception>
    public RunRecord Score(RunRecord run, IReadOnlyList<JsonElement> predictions, IReadOnlyList<IEnergyModel> energy)
    {
        var wrongCount = run.State == RunState.Ok ? predictions.Count != samples.Count : predictions.Count > samples.Count;
        if (wrongCount) throw new PredictionException($"The worker gave {predictions.Count} predictions for {samples.Count} test samples; one each is needed.");
        var typed = predictions.Select(Typed).ToList();
        var rows = typed.Select((prediction, index) => Row(index, prediction, predictions[index])).ToList();
        if (run.State != RunState.Ok) return run with { Samples = rows };
        var scores = benchmark.Metrics.Select((metric, index) => (metric.Card, Score: Value(metric, typed, index == 0, run.Trial.Seed))).ToList();
        return run with
        {
            Samples = rows,
            Metrics = [.. scores.Select(score => score.Score).OfType<MetricValue>(), .. DerivedMetrics.Of(run, energy)],
            Readings = [.. run.Readings.Where(reading => scores.TrueForAll(score => score.Card.Id != reading.Metric)),
                .. scores.Where(score => score.Score is null).Select(score => new Reading(score.Card.Id, null, "not defined for these predictions"))],
        };
    }

    static TPrediction Typed(JsonElement prediction, int index)
    {
        try
        {
            return prediction.Deserialize<TPrediction>(Strict) ?? throw new PredictionException($"Prediction {index} is null.");
        }
        catch (Exception wrong) when (wrong is JsonException or NotSupportedException)
        {
            var text = prediction.GetRawText();
            throw new PredictionException($"Prediction {index} is not a {typeof(TPrediction).Name}: {text[..Math.Min(text.Length, 80)]} ({wrong.Message})", wrong);
        }
    }

    SampleRow Row(int index, TPrediction prediction, JsonElement raw)
    {
        var target = benchmark.Target(samples[index]);
        var answer = Judged(index, () => benchmark.Answer(prediction));
        return new SampleRow(index, target, answer, benchmark.Unsupervised ? null : target == answer, raw.Clone());
    }

    // A value of the right shape can still be senseless, e.g. too few coordinates: that is the worker's fault, not the harness's.
    static T Judged<T>(int index, Func<T> judge)
    {
        try { return judge(); }
        catch (Exception wrong) when (wrong is ArgumentException or IndexOutOfRangeException or InvalidOperationException or ArithmeticException)
        {
            throw new PredictionException($"Prediction {index} cannot be judged: {wrong.Message}", wrong);
        }
    }

    MetricValue? Value(IMetric<TSample, TPrediction> metric, List<TPrediction> typed, bool primary, int seed)
    {
        var tally = metric.Begin();
        for (var i = 0; i < typed.Count; i++)
        {
            var index = i;
            Judged(i, () => { tally.Add(samples[index], typed[index]); return true; });
        }
        var total = tally.Total();
        if (!double.IsFinite(total)) return null;
        var interval = IntervalOf(metric, typed, total, seed);
        return new MetricValue(metric.Card.Id, metric.Card.Version, total, metric.Card.Unit, metric.Card.Direction, "derived")
        { Samples = typed.Count, Low = interval?.Low, High = interval?.High, Interval = interval?.Method, Primary = primary };
    }

    Interval? IntervalOf(IMetric<TSample, TPrediction> metric, List<TPrediction> typed, double total, int seed) => metric.Card.Interval switch
    {
        _ when typed.Count == 0 => null,
        IntervalRule.Wilson => Share(metric, typed, total),
        IntervalRule.Bootstrap => intervals.Bootstrap(chosen => Total(metric, typed, chosen), typed.Count, seed),
        _ => null,
    };

    // A share may be stated in 1 or in %; each sample's own total says whether it was a success.
    Interval Share(IMetric<TSample, TPrediction> metric, List<TPrediction> typed, double total)
    {
        var scale = metric.Card.Unit == "%" ? 100.0 : 1.0;
        var successes = Enumerable.Range(0, typed.Count).Count(index => Total(metric, typed, [index]) > 0);
        if (Math.Abs(total / scale - (double)successes / typed.Count) > 1e-9)
            throw new HarnessException($"Metric {metric.Card.Id} asks for a Wilson interval, but its total {total} is not the share of "
                + $"successes {successes}/{typed.Count}; declare a bootstrap interval on its card.");
        var share = intervals.Wilson(successes, typed.Count);
        return new Interval(share.Low * scale, share.High * scale, share.Method);
    }

    double Total(IMetric<TSample, TPrediction> metric, List<TPrediction> typed, ReadOnlySpan<int> chosen)
    {
        var tally = metric.Begin();
        foreach (var index in chosen) tally.Add(samples[index], typed[index]);
        return tally.Total();
    }
}
