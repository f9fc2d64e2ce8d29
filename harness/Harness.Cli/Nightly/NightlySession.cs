using Harness.Detection.Deciding;
using Harness.Detection.Planning;

namespace Harness.Cli.Nightly;

/// <summary>One night from the control to the alerts. Runs are stored as they are made, conclusions at the end.</summary>
sealed class NightlySession
{
    readonly Night _night;
    readonly CommitSearch _search;
    readonly ControlNight _control;
    readonly ScoreNight _scores;
    readonly CountNight _counts;
    readonly List<MeasuredCell> _cells = [];

    public NightlySession(Night night)
    {
        (_night, _search, _control) = (night, new(night), new(night));
        (_scores, _counts) = (new(night, _search), new(night, _search));
    }

    /// <summary>Trials of which the base gave no result: they compare with nothing.</summary>
    public IEnumerable<MeasuredCell> Unmeasured => _cells.Where(cell => cell.Base.State != RunState.Ok);

    /// <summary>Whether the machine was too unsteady in every quantity for anything to count.</summary>
    public bool IsQuarantined => _night.File.Quantities.All(_control.Out.Contains);

    /// <param name="control">The trial of the control and the canary.</param>
    /// <param name="cells">The plan of the night, the most urgent first.</param>
    public async Task RunAsync(Trial control, IReadOnlyList<(PlannedCell Plan, Trial Trial)> cells, CancellationToken cancellation)
    {
        _night.Say($"control and canary on {control.Family} and {control.Protocol}");
        await _control.MeasureAsync(control, cancellation);
        foreach (var (plan, trial) in cells.Where(cell => cell.Plan.IsChosen))
        {
            if (!_night.HasTime()) break;
            _night.Say($"measuring {plan.State.Cell}");
            _cells.Add(await MeasureAsync(trial, cancellation));
        }
        foreach (var cell in _cells.Where(cell => cell.Base.State == RunState.Ok)) await _counts.JudgeAsync(cell, cancellation);
        await _scores.JudgeAsync(_cells, cancellation);
        await new TimeNight(_night, _control, _search, _counts).JudgeAsync(_cells, cancellation);
    }

    async Task<MeasuredCell> MeasureAsync(Trial trial, CancellationToken cancellation)
    {
        // The first pair warms the machine up, and shows whether there is anything to time.
        var warm = (await _night.Bench.PairsAsync(_night.Base, _night.Head, trial, 1, PairPlace.Head, cancellation)).Pairs[0];
        var before = await WholeAsync(warm.Base, _night.Base, trial, PairBench.Reference, cancellation);
        var after = await WholeAsync(warm.Head, _night.Head, trial, PairPlace.Head, cancellation);
        if (before.State != RunState.Ok) return new(trial, before, after, null, $"the base ended as {before.State}: {before.Reason}");
        if (after.State != RunState.Ok) return new(trial, before, after, null, $"the head ended as {after.State}: {after.Reason}");
        var reference = await _scores.ReferenceAsync(before, after, cancellation);
        var score = await ScoredCell.OfAsync(reference, after, _night.Scorer, _night.Policy.ScoreMargin, cancellation);
        var cell = new MeasuredCell(trial, before, after, null, null) { Score = score };
        if (score is { IsWorse: true }) return cell with { Note = "its answers are worse: how fast it gives them was not measured" };
        return cell with
        {
            Pairs = await _night.Bench.PairsAsync(_night.Base, _night.Head, trial, _night.Policy.Pairs, PairPlace.Head, cancellation),
        };
    }

    // A single failure may be the machine's; two are the build's.
    async Task<RunRecord> WholeAsync(RunRecord run, Build build, Trial trial, string arm, CancellationToken cancellation) =>
        await _night.Bench.WholeAsync(run.State == RunState.Ok ? run.RunId
            : (await _night.Bench.OnceAsync(build, trial, arm, cancellation)).RunId, cancellation);
}
