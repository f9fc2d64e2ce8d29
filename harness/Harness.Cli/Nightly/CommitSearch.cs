using Harness.Detection;
using Harness.Detection.Deciding;
using Harness.Detection.Pairing;
using Harness.Results;
using Harness.Statistics;

namespace Harness.Cli.Nightly;

/// <summary>Finds the commit that brought a change. What was measured for one quantity of a trial serves the others.</summary>
sealed class CommitSearch(Night night)
{
    readonly Dictionary<(string Trial, string Reference, string Commit), List<PairedRuns>> _pairs = [];
    readonly Dictionary<(string Trial, string Commit), RunRecord> _runs = [];

    /// <summary>The n-th set of confirming pairs of two builds of a trial; null when there is no time or no build.</summary>
    public async Task<PairedRuns?> PairsOrNullAsync(Trial trial, string reference, string commit, int number,
        CancellationToken cancellation)
    {
        if (!_pairs.TryGetValue((trial.Id, reference, commit), out var sets)) _pairs[(trial.Id, reference, commit)] = sets = [];
        while (sets.Count <= number)
        {
            if (await BuildOrNullAsync(reference, cancellation) is not { } one
                || await BuildOrNullAsync(commit, cancellation) is not { } other) return null;
            var arm = commit == night.Head.Commit ? PairPlace.Head : PairBench.Suspect;
            sets.Add(await night.Bench.PairsAsync(one, other, trial, night.Policy.ConfirmationPairs, arm, cancellation));
        }
        return sets[number];
    }

    /// <summary>One run of a commit, with its samples; null when there is no time or no build.</summary>
    public async Task<RunRecord?> RunOrNullAsync(Trial trial, string commit, CancellationToken cancellation)
    {
        if (_runs.TryGetValue((trial.Id, commit), out var known)) return known;
        if (await BuildOrNullAsync(commit, cancellation) is not { } build) return null;
        var run = await night.Bench.OnceAsync(build, trial, PairBench.Suspect, cancellation);
        return _runs[(trial.Id, commit)] = await night.Bench.WholeAsync(run.RunId, cancellation);
    }

    /// <summary>The alert with the commits between which the change came in.</summary>
    public async Task<Alert> AttributedAsync(Alert alert, string good, Trial trial, Func<string, Task<CommitState>> test)
    {
        if (!night.File.Bisect || alert.Verdict != "regression") return alert;
        var commits = night.Repository.After(good, night.Head.Commit);
        if (commits.Count == 0)
        {
            night.Say($"{night.Head.Commit[..12]} does not follow {good[..12]}: there are no commits to search");
            return alert with { Cause = Join(alert.Cause, "head and reference are not on one line of commits") };
        }
        if (commits.Count > 1) night.Say($"searching {commits.Count} commits for the change of {alert.Metric}");
        var found = await Bisection.FindAsync(good, commits, test);
        return alert with
        {
            GoodCommit = found.Good, FirstBadCommit = found.FirstBad, Unjudged = found.Between.Count > 0 ? found.Between : null,
            Reproduce = night.Reproduce(found.Good, found.FirstBad, trial),
        };
    }

    /// <summary>Takes pairs until they tell on which side of half the effect a commit lies.</summary>
    public async Task<CommitState> TestAsync(Trial trial, string metric, string good, string commit, double effect,
        CancellationToken cancellation)
    {
        var differences = new List<double>();
        for (var round = 0; round < night.Policy.Rounds; round++)
        {
            if (await PairsOrNullAsync(trial, good, commit, round, cancellation) is not { } pairs) return CommitState.Unknown;
            differences.AddRange(pairs.Differences(metric));
            var state = CommitTest.Of(differences, effect, Chance.From($"{night.Session} {commit} {metric} {round}"));
            if (state != CommitState.Unknown) return state;
        }
        return CommitState.Unknown;
    }

    public static string? Join(params string?[] parts) =>
        string.Join("; ", parts.Where(part => part is { Length: > 0 })) is { Length: > 0 } text ? text : null;

    async Task<Build?> BuildOrNullAsync(string commit, CancellationToken cancellation)
    {
        if (!night.HasTime()) return null;
        try { return await night.Builds.OfAsync(commit, cancellation); }
        catch (BuildFailedException failed)
        {
            night.Say(failed.Message);
            return null;
        }
    }
}
