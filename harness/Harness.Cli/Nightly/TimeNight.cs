using Harness.Detection.Deciding;
using Harness.Detection.Pairing;
using Harness.Results;
using Harness.Statistics;

namespace Harness.Cli.Nightly;

/// <summary>Physical quantities: pairs against the pinned base trigger, fresh pairs against an earlier night confirm.</summary>
sealed class TimeNight(Night night, ControlNight control, CommitSearch search, CountNight counts)
{
    readonly Dictionary<string, Watched> _series = new(StringComparer.Ordinal);

    sealed record Watched(MeasuredCell Cell, string Metric, PairedEstimate Estimate)
    {
        /// <summary>Whether the head was to be confirmed against itself: whatever moved, it was not the code.</summary>
        public bool IsOneBuild { get; set; }
        /// <summary>Sets of confirming pairs that were taken for it.</summary>
        public List<PairedRuns> Confirming { get; } = [];
    }

    public async Task JudgeAsync(IReadOnlyList<MeasuredCell> cells, CancellationToken cancellation)
    {
        var nights = new List<SeriesNight>();
        foreach (var cell in cells.Where(cell => cell.Pairs is not null))
            foreach (var metric in night.File.Quantities)
                if (SeriesOrNull(cell, metric) is { } series) nights.Add(series);
        foreach (var judgement in await new NightJudge(night.Policy).JudgeAsync(nights, ConfirmAsync, cancellation))
            await ConcludeAsync(judgement, cancellation);
    }

    /// <summary>What pairs say of a metric, as the store keeps it.</summary>
    public static Comparison ComparisonOf(PairedEstimate estimate, IReadOnlyList<(MetricValue Base, MetricValue Head)> values,
        (RunRecord Base, RunRecord Head) first, string metric, string verdict) =>
        new(Night.Now, metric, values[0].Base.Version, first.Base.RunId, first.Head.RunId, "paired_time", estimate.Effect, verdict)
        {
            Low = Finite(estimate.Interval.Low), High = Finite(estimate.Interval.High), P = Math.Min(1, 2 * Math.Min(estimate.Worse,
                estimate.Better)), DetectableEffect = estimate.Detectable, Samples = estimate.Pairs,
        };

    SeriesNight? SeriesOrNull(MeasuredCell cell, string metric)
    {
        if (cell.Pairs!.Values(metric) is not { Count: >= 2 } values) return null;
        var key = ComparabilityKey.Of(cell.Head, values[0].Head);
        var estimate = PairedEstimate.Of([.. cell.Pairs.Differences(metric)], Chance.From($"{night.Session} {key}"));
        _series[key] = new(cell, metric, estimate);
        return new(key, night.History.Series(key), estimate.Effect, control.Floor(metric),
            control.Canary(key, metric, values[0].Head.Direction), control.Out.Contains(metric), $"{key} {cell.Head.RunId}");
    }

    async Task<IReadOnlyList<double>> ConfirmAsync(SeriesNight series, int reference, int pairs, CancellationToken cancellation)
    {
        var watched = _series[series.Key];
        watched.IsOneBuild = ReferenceOf(series, reference) == night.Head.Commit;
        if (watched.IsOneBuild) return [];
        night.Say($"{watched.Metric} of {watched.Cell.Trial.Family}: {pairs} confirming pairs");
        if (await search.PairsOrNullAsync(watched.Cell.Trial, ReferenceOf(series, reference), night.Head.Commit, watched.Confirming.Count,
            cancellation) is not { } taken) return [];
        watched.Confirming.Add(taken);
        return taken.Differences(watched.Metric);
    }

    async Task ConcludeAsync(Judgement judgement, CancellationToken cancellation)
    {
        var watched = _series[judgement.Key];
        var (outcome, reason) = (judgement.Outcome, judgement.Reason);
        if (watched.IsOneBuild) reason = "it moved, but head and reference are one build: the device did it";
        if (outcome == Outcome.Improvement && watched.Cell.Score is { IsWorse: true })
            (outcome, reason) = (Outcome.Unknown, "faster, but its answers are worse: no improvement");
        if (outcome == Outcome.Quiet && watched.Estimate.Interval.Level >= 0.9
            && watched.Estimate.Interval.IsWithin(judgement.Series.Floor.LeastEffect(night.Policy)))
            (outcome, reason) = (Outcome.Equivalent, "the interval lies within the least effect");
        night.Add(Record(watched, judgement, outcome, reason));
        if (outcome == Outcome.Held)
            night.Add(new Occurrence(Night.Now, "environment", night.Device,
                $"{watched.Metric} of {judgement.Key} moved by {judgement.Signal!.Shift:P1} together with the canary: held"));
        if (outcome is Outcome.Regression or Outcome.Improvement) night.Add(await AlertAsync(watched, judgement, outcome, cancellation));
    }

    Comparison Record(Watched watched, Judgement judgement, Outcome outcome, string reason)
    {
        var (values, remembered) = (watched.Cell.Pairs!.Values(watched.Metric), judgement.Remembered(night.Head.Commit));
        return ComparisonOf(watched.Estimate, values, watched.Cell.Pairs.Pairs[0], watched.Metric, Word.Verdict(outcome)) with
        {
            Q = judgement.Q, Margin = judgement.Series.Floor.LeastEffect(night.Policy),
            Entry = night.Entry(judgement.Key, SeriesEntry.Nightly, night.Base.Commit, Word.Of(outcome), reason) with
            {
                Back = remembered.Back, Deviation = watched.Estimate.Deviation, NoiseFloor = judgement.Series.Floor.Floor,
                Before = Quantiles.Median([.. values.Select(pair => pair.Base.Value)]),
                After = Quantiles.Median([.. values.Select(pair => pair.Head.Value)]), Unit = values[0].Head.Unit,
                Runs = [.. watched.Cell.Pairs.Runs],
            },
        };
    }

    async Task<Alert> AlertAsync(Watched watched, Judgement judgement, Outcome outcome, CancellationToken cancellation)
    {
        var (estimate, good) = (judgement.Estimate!, ReferenceOf(judgement.Series, judgement.Reference));
        var values = watched.Confirming.SelectMany(pairs => pairs.Values(watched.Metric)).ToList();
        var alert = new Alert(Night.Now, judgement.Key, watched.Metric, Word.Of(outcome),
            Quantiles.Median([.. values.Select(pair => pair.Base.Value)]), Quantiles.Median([.. values.Select(pair => pair.Head.Value)]),
            estimate.Effect)
        {
            Low = Finite(estimate.Interval.Low), High = Finite(estimate.Interval.High), P = judgement.P, Q = judgement.Q,
            NoiseFloor = judgement.Series.Floor.Floor, DetectableEffect = estimate.Detectable, GoodCommit = good,
            Cause = counts.Cited(watched.Cell), Unit = values[0].Head.Unit, Session = night.Session,
            Runs = [.. watched.Confirming.SelectMany(pairs => pairs.Runs)],
            Reproduce = night.Reproduce(good, night.Head.Commit, watched.Cell.Trial),
        };
        return await search.AttributedAsync(alert, good, watched.Cell.Trial, commit =>
            search.TestAsync(watched.Cell.Trial, watched.Metric, good, commit, estimate.Effect, cancellation));
    }

    string ReferenceOf(SeriesNight series, int reference) =>
        reference < 0 ? night.Base.Commit : series.History.Nights[reference].Build;

    static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
