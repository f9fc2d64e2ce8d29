using System.Text.Json;

namespace Harness.Core.Scoring;

/// <summary>Judges the predictions of one run against the test samples of its benchmark.</summary>
sealed class Judge<TSample, TPrediction>(Benchmark<TSample, TPrediction> benchmark, IReadOnlyList<TSample> samples, IIntervals intervals)
{
    // A prediction with a missing member is malformed, not a default value.
    static readonly JsonSerializerOptions Strict = new(CanonicalJson.Options)
    { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <summary>The run with its rows and, when it is ok, its scores; predictions that a metric cannot judge make it invalid.</summary>
    /// <exception cref="PredictionException">The run is ok, but its predictions are not one well-formed answer per sample.</exception>
    public RunRecord Score(RunRecord run, IReadOnlyList<JsonElement> predictions, IReadOnlyList<IEnergyModel> energy)
    {
        var wrongCount = run.State == RunState.Ok ? predictions.Count != samples.Count : predictions.Count > samples.Count;
        if (wrongCount)
            throw new PredictionException(
                $"The worker gave {predictions.Count} predictions for {samples.Count} test samples; one each is needed.");
        var typed = predictions.Select(Typed).ToList();
        var judged = run with { Samples = [.. typed.Select((prediction, index) => Row(index, prediction, predictions[index]))] };
        if (run.State != RunState.Ok) return judged;
        try { return Scored(judged, typed, energy); }
        catch (PredictionException wrong)
        {
            // The rows stay: a mended metric can still score them.
            return judged with { State = RunState.Invalid, Reason = wrong.Message, Metrics = [] };
        }
    }

    public SampleStatistic Statistic(IReadOnlyList<SampleRow> rows)
    {
        if (rows.Count != samples.Count)
            throw new PredictionException($"The run holds {rows.Count} predictions for {samples.Count} test samples; one each is needed.");
        var typed = rows.OrderBy(row => row.Sample).Select((row, index) => Typed(row.Prediction, index)).ToList();
        return new(benchmark.Metrics[0].Card, typed.Count, chosen => Total(benchmark.Metrics[0], typed, chosen));
    }

    RunRecord Scored(RunRecord run, List<TPrediction> typed, IReadOnlyList<IEnergyModel> energy)
    {
        var scores = benchmark.Metrics
            .Select((metric, index) => (metric.Card, Score: Value(metric, typed, index == 0, run.Trial.Seed))).ToList();
        return run with
        {
            Metrics = [.. scores.Select(score => score.Score).OfType<MetricValue>(), .. DerivedMetrics.Of(run, energy)],
            Pictures = benchmark.Draw?.Invoke(samples, typed),
            Readings = [.. run.Readings.Where(reading => scores.TrueForAll(score => score.Card.Id != reading.Metric)
                    && energy.All(model => model.Card.Id != reading.Metric)),
                .. DerivedMetrics.WithoutEstimate(run.Operations, energy),
                .. scores.Where(score => score.Score is null)
                    .Select(score => new Reading(score.Card.Id, null, "not defined for these predictions"))],
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
            var shown = text[..Math.Min(text.Length, 80)];
            throw new PredictionException($"Prediction {index} is not a {typeof(TPrediction).Name}: {shown} ({wrong.Message})", wrong);
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
        catch (Exception wrong) when (wrong is ArgumentException or IndexOutOfRangeException or InvalidOperationException
            or ArithmeticException or KeyNotFoundException or FormatException or NullReferenceException)
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
        var (low, high, method) = IntervalOf(metric, typed, total, seed);
        return new MetricValue(metric.Card.Id, metric.Card.Version, total, metric.Card.Unit, metric.Card.Direction, "derived")
        { Samples = typed.Count, Low = low, High = high, Interval = method, Primary = primary };
    }

    (double? Low, double? High, string? Method) IntervalOf(IMetric<TSample, TPrediction> metric, List<TPrediction> typed, double total,
        int seed)
    {
        try
        {
            var interval = metric.Card.Interval switch
            {
                IntervalRule.Wilson when typed.Count > 0 => Share(metric, typed, total),
                IntervalRule.Bootstrap when typed.Count > 1 => intervals.Bootstrap(Resampled, typed.Count, seed),
                _ => null,
            };
            return (interval?.Low, interval?.High, interval?.Method);
        }
        catch (UndefinedResampleException)
        {
            return (null, null, "none: not defined for every resample");
        }

        double Resampled(ReadOnlySpan<int> chosen) =>
            Total(metric, typed, chosen) is var value && double.IsFinite(value) ? value : throw new UndefinedResampleException();
    }

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

    // Ends a bootstrap early, through whatever program does it.
    sealed class UndefinedResampleException : Exception;
}
