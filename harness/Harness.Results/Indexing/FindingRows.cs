namespace Harness.Results.Indexing;

/// <summary>What the index says of a finding.</summary>
static class FindingRows
{
    public static void Add(IndexRows rows, Finding finding)
    {
        var (table, row) = finding switch
        {
            Comparison comparison => (IndexTables.Comparisons, Row(comparison)),
            Alert alert => (IndexTables.Alerts, Row(alert)),
            Occurrence occurrence => (IndexTables.Events, Row(occurrence)),
            _ => throw new ArgumentException($"A {finding.GetType().Name} has no table.", nameof(finding)),
        };
        rows[table].Add(row);
    }

    static object?[] Row(Comparison found) =>
    [
        found.Id, RunRows.Time(found.At), found.Metric, (long)found.Version, found.RunA, found.RunB, found.Design, found.Effect, found.Low,
        found.High, found.P, found.Q, found.Verdict, found.DetectableEffect, found.Margin, (long?)found.Samples,
        found.Entry?.Session, found.Entry?.Series, found.Entry?.Device, found.Entry?.Role, found.Entry?.Base, found.Entry?.Head,
        found.Entry?.Outcome, found.Entry?.NoiseFloor, found.Entry?.Before, found.Entry?.After, found.Entry?.Unit,
    ];

    static object?[] Row(Alert found) =>
    [
        found.Id, RunRows.Time(found.At), found.Series, found.Metric, found.Verdict, found.Before, found.After, found.Effect, found.Low,
        found.High, found.P, found.Q, found.NoiseFloor, found.DetectableEffect, found.GoodCommit, found.FirstBadCommit,
        found.Unjudged is { } unjudged ? string.Join(' ', unjudged) : null, found.Cause, found.Unit, found.Session,
        string.Join(' ', found.Runs), found.Reproduce,
    ];

    static object?[] Row(Occurrence found) => [found.Id, RunRows.Time(found.At), found.Event, found.Subject, found.Note];
}
