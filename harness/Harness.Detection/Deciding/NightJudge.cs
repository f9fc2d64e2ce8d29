using Harness.Statistics;

namespace Harness.Detection.Deciding;

/// <summary>Runs fresh pairs of head and reference and returns their differences of cost; may return fewer than asked, even none.</summary>
/// <param name="reference">Index of the night whose head is the reference; −1 is the pinned base.</param>
public delegate Task<IReadOnlyList<double>> Confirm(SeriesNight series, int reference, int pairs, CancellationToken cancellation);

/// <summary>
/// Trigger, confirm, attribute: for all series of one device and night at once, because the false discovery rate is of the session. The
/// simulated fleet and the real command are judged by this same code.
/// </summary>
public sealed class NightJudge(DetectionPolicy policy)
{
    public async Task<IReadOnlyList<Judgement>> JudgeAsync(IReadOnlyList<SeriesNight> series, Confirm confirm,
        CancellationToken cancellation)
    {
        var cases = series.Select(night => new Case(night, SignalOf(night), policy)).ToList();
        var open = cases.Where(found => found is { Signal: not null, Series.ControlIsOut: false }).ToList();
        for (var round = 1; round <= policy.Rounds && open.Exists(found => !found.IsDecided); round++)
        {
            foreach (var found in open.Where(found => !found.IsDecided)) await found.MeasureAsync(confirm, cancellation);
            var q = FalseDiscovery.Adjust([.. open.Select(found => found.P)]);
            for (var index = 0; index < open.Count; index++) open[index].Decide(q[index], isLast: round == policy.Rounds);
        }
        return [.. cases.Select(found => found.Judgement)];
    }

    TriggerSignal? SignalOf(SeriesNight night) =>
        night.Tonight is { } tonight ? Trigger.Of(night.History, tonight, night.Floor, policy, night.Seed) : null;
}
