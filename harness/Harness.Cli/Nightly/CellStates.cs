using System.Globalization;
using Harness.Detection.Deciding;
using Harness.Detection.Pairing;
using Harness.Detection.Planning;
using Harness.Results;

namespace Harness.Cli.Nightly;

/// <summary>What the store knows of trials before a night.</summary>
static class CellStates
{
    const double GuessSeconds = 60;

    static readonly Outcome[] MostOpenFirst = [Outcome.Unknown, Outcome.Quarantined, Outcome.Regression, Outcome.Improvement, Outcome.Held,
        Outcome.Equivalent];

    public static async Task<IReadOnlyList<CellState>> OfAsync(IReadOnlyList<Trial> trials, NightHistory history, string head,
        DirectoryInfo store, CancellationToken cancellation)
    {
        var seconds = await SecondsAsync(store, cancellation);
        return [.. trials.Select(trial => Of(trial, history, head, seconds))];
    }

    static CellState Of(Trial trial, NightHistory history, string head, IReadOnlyDictionary<string, double> seconds)
    {
        var cell = ComparabilityKey.Cell(trial);
        var last = history.LastOf(cell);
        var known = seconds.TryGetValue(trial.Id, out var took) || seconds.TryGetValue(LikeOf(trial.Family, trial.Protocol), out took);
        int? since = last.Count == 0 ? null : history.Sessions.Count - history.Sessions.ToList().IndexOf(last[0].Entry!.Session);
        Outcome[] outcomes = [.. last.Select(found => Word.Parse(found.Entry!.Outcome))];
        double[] detectable = [.. last.Where(found => found.Design == "paired_time").Select(found => found.DetectableEffect)
            .OfType<double>()];
        return new(cell, known ? took : GuessSeconds, known, since, detectable.Length > 0 ? detectable.Max() : null,
            outcomes.Length > 0 ? MostOpenFirst.FirstOrDefault(outcomes.Contains, Outcome.Quiet) : null, history.LastHead != head);
    }

    // The typical time of a run of each trial, and of each family on each protocol.
    static async Task<IReadOnlyDictionary<string, double>> SecondsAsync(DirectoryInfo store, CancellationToken cancellation)
    {
        if (!File.Exists(Path.Combine(store.FullName, "SCHEMA"))) return new Dictionary<string, double>();
        var times = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (key, sql) in new[] { ("trial_id", "trial_id"), ("like", "model_id || ' ' || protocol_id") })
        {
            var found = await ResultQuery.RunAsync([store], $"SELECT {sql} AS {key}, median(duration_s) AS seconds FROM runs "
                + "WHERE state = 'ok' AND NOT imported GROUP BY 1", null, cancellation);
            foreach (var row in found.Rows) times[(string)row[0]!] = Convert.ToDouble(row[1], CultureInfo.InvariantCulture);
        }
        return times;
    }

    static string LikeOf(string family, string protocol) => $"{family} {protocol}";
}
