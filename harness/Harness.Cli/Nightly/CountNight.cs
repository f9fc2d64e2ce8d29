using Harness.Detection;
using Harness.Detection.Counting;
using Harness.Detection.Deciding;
using Harness.Detection.Pairing;
using Harness.Results;

namespace Harness.Cli.Nightly;

/// <summary>Numbers that must not scatter: any difference is a change, and is reported in the night in which it appears.</summary>
sealed class CountNight(Night night, CommitSearch search)
{
    public async Task JudgeAsync(MeasuredCell cell, CancellationToken cancellation)
    {
        foreach (var change in Changes(cell))
        {
            var key = KeyOf(cell, change.Metric);
            var isNeutral = change.Before is null || change.Direction == Direction.Neutral;
            var outcome = change.IsWorse ? Word.Of(Outcome.Regression) : isNeutral ? Word.Changed : Word.Of(Outcome.Improvement);
            var causes = string.Join(", ", change.Causes.Select(cause => cause.ToString()).DefaultIfEmpty("nothing that is recorded"));
            var (before, after) = (change.Before ?? 0, change.After ?? 0);
            night.Add(new Comparison(Night.Now, change.Metric, 1, cell.Base.RunId, cell.Head.RunId, "counts", after - before,
                change.IsWorse ? "worse" : isNeutral ? "inconclusive" : "better")
            {
                Entry = night.Entry(key, SeriesEntry.Nightly, night.Base.Commit, outcome, $"differs with: {causes}") with
                { Before = change.Before, After = change.After, Runs = [cell.Base.RunId, cell.Head.RunId] },
            });
            if (outcome == Word.Changed) continue;
            night.Add(await AlertAsync(cell, key, change, outcome, $"differs with: {causes}", cancellation));
        }
    }

    /// <summary>The counts of a trial that changed tonight, in words.</summary>
    public string? Cited(MeasuredCell cell)
    {
        string[] changed = [.. night.Comparisons.Where(found => found.Design == "counts" && found.RunB == cell.Head.RunId)
            .Select(found => $"{found.Metric} {found.Entry!.Before} → {found.Entry.After}")];
        return changed.Length == 0 ? null : "changed in the same night: " + string.Join(", ", changed);
    }

    IReadOnlyList<CountChange> Changes(MeasuredCell cell)
    {
        var (before, after) = (Quantity.Counts(cell.Base), Quantity.Counts(cell.Head));
        // Of a run that failed nothing else is known, and nothing else is compared.
        if (cell.Base.State != RunState.Ok || cell.Head.State != RunState.Ok) (before, after) = ([before[0]], [after[0]]);
        return CountChange.Of([.. before.Select(value => AsLastReported(cell, value))], after,
            Circumstances.Of(cell.Base).DifferencesTo(Circumstances.Of(cell.Head)));
    }

    MetricValue AsLastReported(MeasuredCell cell, MetricValue value) =>
        night.History.LastChangeOrNull(KeyOf(cell, value.Metric))?.Entry!.After is { } reported ? value with { Value = reported } : value;

    async Task<Alert> AlertAsync(MeasuredCell cell, string key, CountChange change, string outcome, string cause,
        CancellationToken cancellation)
    {
        var good = night.History.LastChangeOrNull(key)?.Entry!.Head ?? night.Base.Commit;
        var alert = new Alert(Night.Now, key, change.Metric, outcome, change.Before ?? 0, change.After ?? 0,
            (change.After ?? 0) - (change.Before ?? 0))
        {
            Session = night.Session, GoodCommit = good, Cause = CommitSearch.Join(cause, cell.Head.Reason),
            Runs = [cell.Base.RunId, cell.Head.RunId], Reproduce = night.Reproduce(good, night.Head.Commit, cell.Trial),
        };
        return await search.AttributedAsync(alert, good, cell.Trial, async commit =>
            await search.RunOrNullAsync(cell.Trial, commit, cancellation) is not { } run ? CommitState.Unknown
                : StateOf(Quantity.Counts(run).FirstOrDefault(value => value.Metric == change.Metric)?.Value, change));
    }

    // A count that is gone is as the head has it.
    static CommitState StateOf(double? value, CountChange change) => value == change.After ? CommitState.Bad
        : value == change.Before ? CommitState.Good
        : CommitTest.Of(value, change.Before ?? double.NegativeInfinity, change.After ?? double.PositiveInfinity);

    static string KeyOf(MeasuredCell cell, string metric) => ComparabilityKey.Of(cell.Base,
        Quantity.Counts(cell.Base).Concat(Quantity.Counts(cell.Head)).First(value => value.Metric == metric));
}
