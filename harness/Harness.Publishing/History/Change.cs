using System.Text.Json;
using Harness.Publishing.Text;
using Harness.Statistics;

namespace Harness.Publishing.History;

/// <summary>A place from which on a series is different. <paramref name="Index"/> is the first occasion after it.</summary>
sealed record Change(int Index, double Before, double After, double P);

/// <summary>
/// The change points of series. They are derived, but not cheaply, so a publication leaves them in the site, by digest of the series, and
/// the next one takes from there what has not changed.
/// </summary>
sealed class Changes(IReadOnlyDictionary<string, IReadOnlyList<Change>> known)
{
    public const string FileName = "data/changes.json";
    const string Schema = "harness-changes 1";
    const int LongestHistory = 400;

    readonly SortedDictionary<string, IReadOnlyList<Change>> _used = new(StringComparer.Ordinal);

    sealed record Stored(string Schema, string Rules, SortedDictionary<string, IReadOnlyList<Change>> Series);

    /// <summary>Changes of a quantity below this share of its level are never reported: the machine drifts as much.</summary>
    public const double LeastShare = 0.03;
    /// <summary>Changes of a score between 0 and 1 below this are never reported.</summary>
    public const double LeastPoints = 0.005;

    static string Rules => $"E-divisive, p <= {new ChangePointRules().P}, {new ChangePointRules().Permutations} permutations, last " +
        $"{LongestHistory} sessions, least change {LeastShare} of the level or {LeastPoints} of a score";

    public static Changes Read(string path)
    {
        if (!File.Exists(path)) return new(new Dictionary<string, IReadOnlyList<Change>>());
        try
        {
            var stored = JsonSerializer.Deserialize<Stored>(File.ReadAllText(path), CanonicalJson.Options);
            if (stored is { Schema: Schema } && stored.Rules == Rules) return new(stored.Series);
        }
        catch (JsonException)
        {
            // Derived data of another program version: worked out again below, nothing is lost.
        }
        return new(new Dictionary<string, IReadOnlyList<Change>>());
    }

    // Pages are rendered side by side: another one may ask for a series while this one is written.
    public void Write(TextWriter writer)
    {
        Stored stored;
        lock (_used) stored = new(Schema, Rules, new(_used, StringComparer.Ordinal));
        writer.Write(CanonicalJson.Write(stored));
    }

    public IReadOnlyList<Change> Of(Series series)
    {
        if (series.Occasions.Count < 2 * ChangePointRules.ShortestSegment) return [];
        var found = known.GetValueOrDefault(series.Digest) ?? Find(series);
        lock (_used) _used[series.Digest] = found;
        return found;
    }

    static IReadOnlyList<Change> Find(Series series)
    {
        var skipped = Math.Max(0, series.Occasions.Count - LongestHistory);
        double?[] values = [.. series.Occasions.Skip(skipped).Select(occasion => (double?)occasion.Value)];
        var level = Quantiles.Median([.. values.Select(value => Math.Abs(value!.Value))]);
        var least = series.Column.Primary && level <= 1 ? LeastPoints : LeastShare * level;
        return [.. ChangePoints.Of(values, Chance.From(series.Digest), new ChangePointRules { LeastChange = least })
            .Select(change => new Change(change.Index + skipped, change.Before, change.After, change.P))];
    }
}
