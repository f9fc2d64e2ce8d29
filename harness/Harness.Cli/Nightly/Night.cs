using Harness.Core.Scoring;
using Harness.Detection.Deciding;
using Harness.Detection.Pairing;
using Harness.Results;

namespace Harness.Cli.Nightly;

/// <summary>What all parts of one night share.</summary>
/// <param name="Device">Id of the device.</param>
/// <param name="HasTime">Whether the device time of the night is not used up.</param>
sealed record Night(string Session, NightlyFile File, string Device, Build Base, Build Head, BuildCache Builds, PairBench Bench,
    Scorer Scorer, NightHistory History, Git Repository, Func<bool> HasTime, Action<string> Say)
{
    readonly List<Comparison> _comparisons = [];
    readonly List<Alert> _alerts = [];
    readonly List<Occurrence> _events = [];

    public DetectionPolicy Policy { get; } = File.Policy;

    public IReadOnlyList<Comparison> Comparisons => _comparisons;
    public IReadOnlyList<Alert> Alerts => _alerts;
    public IReadOnlyList<Occurrence> Events => _events;
    public IEnumerable<Finding> Findings => [.. _comparisons, .. _alerts, .. _events];

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public void Add(Finding finding)
    {
        switch (finding)
        {
            case Comparison comparison: _comparisons.Add(comparison); break;
            case Alert alert: _alerts.Add(alert); break;
            case Occurrence occurrence: _events.Add(occurrence); break;
        }
    }

    public SeriesEntry Entry(string series, string role, string reference, string outcome, string reason) =>
        new(Session, series, Device, role, reference, Head.Commit, outcome, reason);

    /// <summary>The command that measures one trial of two commits again.</summary>
    public string Reproduce(string good, string bad, Trial trial) =>
        $"harness nightly {File.Name} --base {good[..12]} --head {bad[..12]} --only family={trial.Family},dataset={trial.Protocol},"
        + $"seed={trial.Seed}";
}

/// <summary>A trial as the night measured it.</summary>
/// <param name="Base">The first run of the pinned base, with its samples.</param>
/// <param name="Head">The first run of the head, with its samples.</param>
/// <param name="Pairs">The pairs that are compared; null when they were not taken.</param>
/// <param name="Note">Why not.</param>
sealed record MeasuredCell(Trial Trial, RunRecord Base, RunRecord Head, PairedRuns? Pairs, string? Note)
{
    /// <summary>Its primary score against the reference; null where a run did not end well.</summary>
    public ScoredCell? Score { get; init; }
}
