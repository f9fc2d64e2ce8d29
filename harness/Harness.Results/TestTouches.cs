namespace Harness.Results;

/// <summary>How often a family's lineage (all its versions and configurations) has been evaluated on the test part of a protocol.</summary>
/// <param name="Family">Family id without version.</param>
/// <param name="Evaluations">Runs that predicted test samples, limited and repeated ones among them: each could inform the next.</param>
/// <param name="Configurations">Different versions and hyper-parameters among them.</param>
public sealed record TestTouch(string Protocol, string Family, int Evaluations, int Configurations, int Seeds, DateTimeOffset First,
    DateTimeOffset Last);

/// <summary>
/// The ledger of test-set use. The more often a lineage has seen its test score, the less that score says: selection on the test set
/// cannot be undone, so it is counted. It is derived from stored runs, never stored.
/// </summary>
public static class TestTouches
{
    /// <summary>One entry for each protocol and lineage, most evaluations first.</summary>
    public static IReadOnlyList<TestTouch> Of(IEnumerable<RunRecord> runs) =>
    [
        .. runs.Where(Predicted).GroupBy(run => (run.Trial.Protocol, Family: Lineage(run.Trial.Family))).Select(group => new TestTouch(
            group.Key.Protocol, group.Key.Family, group.Count(),
            group.Select(run => (run.Trial.Family, run.Trial.ConfigurationHash)).Distinct().Count(),
            group.Select(run => run.Trial.Seed).Distinct().Count(), group.Min(run => run.Started), group.Max(run => run.Started)))
            .OrderByDescending(touch => touch.Evaluations).ThenBy(touch => touch.Protocol, StringComparer.Ordinal)
                .ThenBy(touch => touch.Family, StringComparer.Ordinal),
    ];

    // A run that failed before it was scored has shown nobody a test score.
    static bool Predicted(RunRecord run) => run.State is RunState.Ok or RunState.Partial || run.Metrics.Count > 0 || run.Samples.Count > 0;

    static string Lineage(string family) => family.IndexOf('@') is var at and >= 0 ? family[..at] : family;
}
