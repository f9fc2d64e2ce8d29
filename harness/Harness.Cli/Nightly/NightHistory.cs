using Harness.Detection.Deciding;
using Harness.Detection.Pairing;
using Harness.Results;

namespace Harness.Cli.Nightly;

/// <summary>What earlier nights of this device concluded, from the comparisons that they stored.</summary>
/// <param name="comparisons">All of them, oldest first.</param>
/// <param name="commit">The pinned base: only nights against the same one are of one level.</param>
sealed class NightHistory(IEnumerable<Comparison> comparisons, string device, string commit)
{
    /// <summary>Older nights matter to nobody: the longest window is 45 nights.</summary>
    public static TimeSpan Reach { get; } = TimeSpan.FromDays(180);

    readonly List<Comparison> _all = [.. comparisons.Where(found => found.Entry?.Device == device)];

    /// <summary>Sessions against this base, oldest first.</summary>
    public IReadOnlyList<string> Sessions => [.. Nights().Select(found => found.Entry!.Session).Distinct()];

    /// <summary>The head of the last night; null before the first.</summary>
    public string? LastHead => Nights().LastOrDefault()?.Entry!.Head;

    /// <summary>Every control of a quantity, whatever its base was: a build against itself.</summary>
    public IReadOnlyList<Control> Controls(string metric) => [.. ControlsOf(_all, metric)];

    public static IEnumerable<Control> ControlsOf(IEnumerable<Comparison> comparisons, string metric) => comparisons
        .Where(found => found.Entry!.Role == SeriesEntry.Control && found.Metric == metric)
        .Select(found => new Control(found.Effect, found.Entry!.Deviation, found.Samples ?? 0));

    /// <summary>The nights of a series from its first on; one on which it was not measured is missing.</summary>
    public SeriesHistory Series(string key) => new([.. From(key).Select(session => OfNight(session, key) is { } found
        ? new PastNight(found.Effect, found.Entry!.Head, Word.Parse(found.Entry.Outcome), found.Entry.Back) : new PastNight(null, ""))]);

    /// <summary>Cost of the canary on the nights of a series; null where it was not measured.</summary>
    public IReadOnlyList<double?> Canary(string key, string canaryKey, Direction direction) => [.. From(key).Select(session =>
        Nights().FirstOrDefault(found => IsOf(found, session, canaryKey, SeriesEntry.Control))?.Entry!.Before is { } value
            ? Cost.Of(value, direction) : (double?)null)];

    /// <summary>The last night that concluded on another level of a score or a count: later heads are compared with its head.</summary>
    public Comparison? LastChangeOrNull(string key) => Nights().LastOrDefault(found => found.Entry!.Series == key
        && found.Entry.Role == SeriesEntry.Nightly && Word.IsChange(found.Entry.Outcome));

    /// <summary>Everything that the last night with a trial said of it; empty when it was never measured.</summary>
    public IReadOnlyList<Comparison> LastOf(string cell)
    {
        Comparison[] found = [.. Nights().Where(entry => entry.Entry!.Role == SeriesEntry.Nightly
            && entry.Entry.Series.Contains($"|{cell}|", StringComparison.Ordinal))];
        return [.. found.Where(entry => entry.Entry!.Session == found[^1].Entry!.Session)];
    }

    IEnumerable<Comparison> Nights() => _all.Where(found => found.Entry!.Base == commit);

    IEnumerable<string> From(string key)
    {
        var first = Nights().FirstOrDefault(found => found.Entry!.Series == key && found.Entry.Role == SeriesEntry.Nightly)?.Entry!.Session;
        return first is null ? [] : Sessions.SkipWhile(session => session != first);
    }

    Comparison? OfNight(string session, string key) => Nights().FirstOrDefault(found => IsOf(found, session, key, SeriesEntry.Nightly));

    static bool IsOf(Comparison found, string session, string key, string role) =>
        found.Entry!.Session == session && found.Entry.Series == key && found.Entry.Role == role;
}

/// <summary>Outcomes as the store writes them.</summary>
static class Word
{
    /// <summary>A count that is another one and neither better nor worse for it.</summary>
    public const string Changed = "changed";

    public static string Of(Outcome outcome) => outcome.ToString().ToLowerInvariant();

    public static Outcome Parse(string word) => Enum.TryParse<Outcome>(word, ignoreCase: true, out var outcome) ? outcome : Outcome.Quiet;

    public static bool IsChange(string word) => word is "regression" or "improvement" or Changed;

    public static string Verdict(Outcome outcome) => outcome switch
    {
        Outcome.Regression => "worse", Outcome.Improvement => "better", Outcome.Equivalent => "equivalent", _ => "inconclusive",
    };
}
