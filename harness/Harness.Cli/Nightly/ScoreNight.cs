using System.Globalization;
using Harness.Detection.Deciding;
using Harness.Detection.Pairing;
using Harness.Detection.Scoring;
using Harness.Results;
using Harness.Statistics;

namespace Harness.Cli.Nightly;

/// <summary>
/// Scores on the same samples: a paired test triggers, more seeds confirm. One false discovery rate for all scores of the night.
/// </summary>
sealed class ScoreNight(Night night, CommitSearch search)
{
    public async Task JudgeAsync(IReadOnlyList<MeasuredCell> cells, CancellationToken cancellation)
    {
        List<MeasuredCell> scored = [.. cells.Where(cell => cell.Score is not null)];
        foreach (var cell in scored.Where(cell => cell.Score!.Comparison is null))
            Add(cell, Outcome.Equivalent, "every prediction is the same", null);
        List<MeasuredCell> differing = [.. scored.Where(cell => cell.Score!.Comparison is not null)];
        var judgements = ScoreJudge.Judge([.. differing.Select(cell =>
            new ScorePair(KeyOf(cell.Score!), cell.Score!.Metric.Direction, cell.Score.Comparison!))], night.Policy);
        foreach (var (cell, judgement) in differing.Zip(judgements)) await ConcludeAsync(cell, judgement, cancellation);
    }

    /// <summary>The run that a head is compared with.</summary>
    public async Task<RunRecord> ReferenceAsync(RunRecord first, RunRecord head, CancellationToken cancellation)
    {
        if (head.Metrics.FirstOrDefault(value => value.Primary) is not { } metric
            || night.History.LastChangeOrNull(ComparabilityKey.Of(head, metric)) is not { } changed) return first;
        var reference = await night.Bench.WholeAsync(changed.RunB, cancellation);
        // Predictions of old runs may have been deleted; the level of the base is then the only one at hand.
        return reference.Samples.Count == head.Samples.Count ? reference : first;
    }

    async Task ConcludeAsync(MeasuredCell cell, ScoreJudgement judgement, CancellationToken cancellation)
    {
        switch (judgement.Verdict)
        {
            case Verdict.Equivalent: Add(cell, Outcome.Equivalent, "the interval lies within the margin", judgement); break;
            case Verdict.Inconclusive: Add(cell, Outcome.Quiet, "no significant difference on the same samples", judgement); break;
            default: await ConfirmAsync(cell, judgement, cancellation); break;
        }
    }

    async Task ConfirmAsync(MeasuredCell cell, ScoreJudgement judgement, CancellationToken cancellation)
    {
        var score = cell.Score!;
        night.Say($"{score.Metric.Metric} of {cell.Trial.Family} differs: training {RetrainedScore.LeastSeeds - 1} more seeds");
        var seeds = await SeedsAsync(cell, cancellation);
        if (seeds is null || !seeds.IsConfirmed(night.Policy.ScoreMargin))
        {
            Add(cell, Outcome.Unknown, seeds is null ? "no more seeds could be trained" : $"not confirmed over seeds: {Words(seeds)}",
                judgement);
            return;
        }
        var outcome = judgement.Verdict == Verdict.Worse ? Outcome.Regression : Outcome.Improvement;
        Add(cell, outcome, $"confirmed over seeds: {Words(seeds)}", judgement);
        night.Add(await AlertAsync(cell, judgement, outcome, seeds, cancellation));
    }

    async Task<RetrainedScore?> SeedsAsync(MeasuredCell cell, CancellationToken cancellation)
    {
        var scores = new List<ScoredCell> { cell.Score! };
        for (var seed = 1; seed < RetrainedScore.LeastSeeds; seed++)
        {
            var trial = cell.Trial with { Seed = cell.Trial.Seed + seed };
            var reference = await search.RunOrNullAsync(trial, cell.Score!.Reference.Provenance.Commit, cancellation);
            var head = await search.RunOrNullAsync(trial, night.Head.Commit, cancellation);
            if (reference is not { State: RunState.Ok } || head is not { State: RunState.Ok }) return null;
            scores.Add(cell.Score with { Reference = reference, Head = head });
        }
        var chance = Chance.From($"{night.Session} {KeyOf(cell.Score!)}");
        return scores.TrueForAll(score => score.Differences is not null)
            ? RetrainedScore.Of([.. scores.Select(score => score.Differences!)], chance)
            : RetrainedScore.OfTotals([.. scores.Select(score => Value(score.Head, score) - Value(score.Reference, score))], chance);
    }

    async Task<Alert> AlertAsync(MeasuredCell cell, ScoreJudgement judgement, Outcome outcome, RetrainedScore seeds,
        CancellationToken cancellation)
    {
        var (score, comparison) = (cell.Score!, judgement.Pair.Comparison);
        var good = score.Reference.Provenance.Commit;
        var (before, after) = (score.Before, score.Metric.Value);
        var alert = new Alert(Night.Now, KeyOf(score), score.Metric.Metric, Word.Of(outcome), before, after, comparison.Difference)
        {
            Low = comparison.Interval.Low, High = comparison.Interval.High, P = comparison.P, Q = judgement.Q, Unit = score.Metric.Unit,
            DetectableEffect = judgement.DetectableEffect, GoodCommit = good, Session = night.Session,
            Cause = $"{comparison.OnlyFirst} samples lost and {comparison.OnlySecond} won of {comparison.Samples}; {Words(seeds)}",
            Runs = [score.Reference.RunId, score.Head.RunId], Reproduce = night.Reproduce(good, night.Head.Commit, cell.Trial),
        };
        return await search.AttributedAsync(alert, good, cell.Trial, async commit => CommitTest.Of(
            await search.RunOrNullAsync(cell.Trial, commit, cancellation) is { State: RunState.Ok } run ? Value(run, score) : null,
            before, after));
    }

    void Add(MeasuredCell cell, Outcome outcome, string reason, ScoreJudgement? judgement)
    {
        var (score, comparison) = (cell.Score!, judgement?.Pair.Comparison);
        night.Add(new Comparison(Night.Now, score.Metric.Metric, score.Metric.Version, score.Reference.RunId, score.Head.RunId,
            "paired_samples", comparison?.Difference ?? 0, Word.Verdict(outcome))
        {
            Low = comparison?.Interval.Low, High = comparison?.Interval.High, P = comparison?.P ?? 1, Q = judgement?.Q,
            DetectableEffect = judgement?.DetectableEffect, Margin = night.Policy.ScoreMargin, Samples = score.Head.Samples.Count,
            Entry = night.Entry(KeyOf(score), SeriesEntry.Nightly, night.Base.Commit, Word.Of(outcome), reason) with
            {
                Before = score.Before, After = score.Metric.Value, Unit = score.Metric.Unit,
                Runs = [score.Reference.RunId, score.Head.RunId],
            },
        });
    }

    static double Value(RunRecord run, ScoredCell score) => run.Metrics.First(value => value.Metric == score.Metric.Metric).Value;

    static string KeyOf(ScoredCell score) => ComparabilityKey.Of(score.Head, score.Metric);

    static string Words(RetrainedScore seeds) => string.Create(CultureInfo.InvariantCulture,
        $"{seeds.Effect:+0.0000;-0.0000} over {seeds.Seeds} seeds, p = {seeds.SeedP:0.###}, standard error {seeds.SeedError:0.0000} over "
        + $"seeds{(seeds.SampleError is { } error ? $" and {error.ToString("0.0000", CultureInfo.InvariantCulture)} over samples" : "")}");
}
