using Harness.Detection.Pairing;

namespace Harness.Detection.Deciding;

/// <summary>A series as the night found it.</summary>
/// <param name="Key">Its comparability key.</param>
/// <param name="Tonight">Head against base, as a difference of costs; null when it was not measured.</param>
/// <param name="Canary">Cost of the canary on every night of the history and tonight.</param>
/// <param name="ControlIsOut">Whether tonight's control, taken twice, left the noise floor.</param>
/// <param name="Seed">Key and last run, for the permutations.</param>
public sealed record SeriesNight(string Key, SeriesHistory History, double? Tonight, NoiseFloor Floor, IReadOnlyList<double?> Canary,
    bool ControlIsOut, string Seed);

/// <summary>What the night concluded about a series, and why.</summary>
public sealed record Judgement(SeriesNight Series, Outcome Outcome, string Reason)
{
    public TriggerSignal? Signal { get; init; }
    /// <summary>Of the confirming pairs, head against the last night judged good; null without any.</summary>
    public PairedEstimate? Estimate { get; init; }
    /// <summary>One-sided in the direction of the trigger, corrected for the number of looks.</summary>
    public double? P { get; init; }
    /// <summary>P after correction for all confirmations of the session.</summary>
    public double? Q { get; init; }
    /// <summary>What the effect had to reach.</summary>
    public double Threshold { get; init; }
    public CanaryMove? Canary { get; init; }
    /// <summary>Index of the night whose head was the reference of the confirmation; −1 is the pinned base.</summary>
    public int Reference { get; init; } = -1;

    public string Key => Series.Key;

    /// <summary>The night as the series will remember it.</summary>
    public PastNight Remembered(string build) => new(Series.Tonight, build, Outcome, Signal?.Back ?? 0);
}
