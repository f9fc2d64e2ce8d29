using Harness.Detection.Pairing;
using Harness.Statistics;

namespace Harness.Detection.Deciding;

/// <summary>One series that may be looked into tonight, and the pairs taken for it so far.</summary>
sealed class Case
{
    const double LeastLevel = 0.9;

    readonly DetectionPolicy _policy;
    readonly List<double> _differences = [];
    readonly double _sign;
    readonly int _reference;

    public Case(SeriesNight series, TriggerSignal? signal, DetectionPolicy policy)
    {
        (Series, Signal, _policy, _sign) = (series, signal, policy, signal is { IsWorse: false } ? -1 : 1);
        _reference = ReferenceNight(series.History, policy);
        var canary = signal is null ? null : CanaryGuard.Of(series.Canary, _reference + 1, policy);
        var (outcome, reason) = signal switch
        {
            null => (Outcome.Quiet, series.Tonight is null ? "not measured tonight" : "no trigger"),
            _ when series.ControlIsOut => (Outcome.Quarantined,
                "the A/A control left the noise floor twice: nothing of this device counts"),
            _ => (Outcome.Unknown, "not decided"),
        };
        Judgement = new(series, outcome, reason) { Signal = signal, Canary = canary, Threshold = ThresholdOf(canary) };
    }

    public SeriesNight Series { get; }
    public TriggerSignal? Signal { get; }
    public Judgement Judgement { get; private set; }
    public bool IsDecided { get; private set; }

    /// <summary>Several looks at growing data are several tests: Bonferroni over the rounds that there may be.</summary>
    public double P => Judgement.P ?? 1;

    public async Task MeasureAsync(Confirm confirm, CancellationToken cancellation)
    {
        var fresh = await confirm(Series, _reference, _policy.ConfirmationPairs, cancellation);
        _differences.AddRange(fresh);
        if (_differences.Count == 0) return;
        var estimate = PairedEstimate.Of([.. _differences], Chance.From($"{Series.Seed} {_differences.Count}"));
        var p = _sign > 0 ? estimate.Worse : estimate.Better;
        Judgement = Judgement with
        {
            Estimate = estimate, P = Math.Min(1, _policy.Rounds * p), Reference = _reference,
        };
    }

    public void Decide(double q, bool isLast)
    {
        if (IsDecided) return;
        Judgement = Judgement with { Q = q };
        var (outcome, reason, isFinal) = Verdict(q);
        if (!isFinal && !isLast) return;
        (Judgement, IsDecided) = (Judgement with { Outcome = outcome, Reason = reason }, true);
    }

    (Outcome, string, bool IsFinal) Verdict(double q)
    {
        if (Judgement.Estimate is not { } estimate) return (Outcome.Unknown, "no confirming pair could be measured", false);
        if (Judgement.Canary is not { } canary)
            return (Outcome.Unknown, "the canary was not measured: an environment change cannot be ruled out", false);
        var effect = _sign * estimate.Effect;
        var isShown = q <= (Series.Floor.IsKnown ? _policy.FalseDiscoveryRate : _policy.FalseDiscoveryRateWithoutControls);
        if (isShown && effect >= Judgement.Threshold)
            return (_sign > 0 ? Outcome.Regression : Outcome.Improvement, "confirmed by fresh pairs", true);
        if (estimate.Interval.Level >= LeastLevel && estimate.Interval.IsWithin(Series.Floor.LeastEffect(_policy)))
            return (Outcome.Equivalent, "the interval of the fresh pairs lies within the least effect", true);
        if (canary.IsSignificant)
            return (Outcome.Held, "the canary moved too: an event of the environment, and the series starts anew", true);
        return (Outcome.Unknown, isShown ? "a difference below the threshold" : "the pairs do not tell", false);
    }

    // What the environment may have leaked into the ratio is not held against the head.
    double ThresholdOf(CanaryMove? canary) =>
        Series.Floor.Threshold(_policy) + _policy.LeakShare * (canary?.Sure ?? 0);

    /// <summary>
    /// The newest night that is old enough to be from before a change that a trigger still calls news, else the first of the segment,
    /// whose level was concluded to be what it is. The night before tonight would not do: it may already have the change and have
    /// passed unnoticed, and under a slow drift every night is like the one before.
    /// </summary>
    static int ReferenceNight(SeriesHistory history, DetectionPolicy policy)
    {
        int[] measured = [.. Enumerable.Range(history.Start, history.Nights.Count - history.Start)
            .Where(night => history.Nights[night].Effect is not null)];
        var old = measured.LastOrDefault(night => night <= history.Nights.Count - policy.RecentNights, -1);
        return old >= 0 || history.IsFirstSegment || measured.Length == 0 ? old : measured[0];
    }
}
