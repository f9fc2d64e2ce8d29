using System.Text.Json;
using Harness.Publishing.Text;

namespace Harness.Publishing.Boards;

/// <summary>Where a row stands on its board by the primary metric.</summary>
public enum Standing
{
    /// <summary>Best, and its interval is clear of every other row's.</summary>
    Leads,
    /// <summary>No other row is clear of it, but it is not clear of all others either: the data cannot tell who is first.</summary>
    NotDistinguishable,
    /// <summary>At least one row is better by more than their intervals.</summary>
    Behind,
    /// <summary>The only row with a number: there is nothing to compare it with.</summary>
    Alone,
    /// <summary>No seed ended well.</summary>
    Unranked,
}

/// <summary>The places a row may hold: <paramref name="Best"/> − 1 rows are surely better, and <paramref name="Worst"/> counts all that may
/// be.</summary>
public sealed record RankRange(int Best, int Worst)
{
    public override string ToString() => Best == Worst ? $"{Best}" : $"{Best}–{Worst}";
}

/// <summary>One configuration of a family on one device: the newest run of each seed.</summary>
public sealed record Row(string Family, FamilyCard? Card, string DeviceId, int Threads, IReadOnlyList<RunRecord> Runs,
    IReadOnlyList<Cell> Cells)
{
    public Standing Standing { get; init; } = Standing.Unranked;
    /// <summary>Null for an unranked row.</summary>
    public RankRange? Rank { get; init; }
    /// <summary>What tells this configuration from the family's others on the same board; empty for an only one.</summary>
    public string Difference { get; init; } = "";
    /// <summary>Every run of the row, newest first: those that a newer run of the same seed replaced, too.</summary>
    public IReadOnlyList<RunRecord> Every { get; init; } = Runs;
    /// <summary>Names the row within its board and its files; stable over publications.</summary>
    public string Key { get; } = KeyOf(Family, DeviceId, Threads, Runs[0].Trial);

    public int Replaced => Every.Count - Runs.Count;
    public Trial Trial => Runs[0].Trial;
    public JsonElement Configuration => Trial.Configuration;
    public string ConfigurationHash { get; } = Runs[0].Trial.ConfigurationHash;
    public string Title => Card?.Title ?? Family;
    public string Label => Difference.Length == 0 ? Title : $"{Title}, {Difference}";
    public IReadOnlyList<RunRecord> Finished { get; } = [.. Runs.Where(run => run.State == RunState.Ok)];
    public IReadOnlyList<RunRecord> Unfinished { get; } = [.. Runs.Where(run => run.State != RunState.Ok)];
    public DateTimeOffset Newest { get; } = Runs.Max(run => run.Ended);

    /// <summary>Things a reader must know before trusting the row: uncommitted changes, several commits.</summary>
    public IEnumerable<string> Cautions
    {
        get
        {
            if (Runs.Any(run => run.Provenance.Dirty)) yield return "uncommitted changes";
            if (Runs.Select(run => run.Provenance.Commit).Distinct().Skip(1).Any()) yield return "several commits";
            if (Runs.Any(run => run.Device.Emulated)) yield return "emulated device";
        }
    }

    static string KeyOf(string family, string device, int threads, Trial trial) =>
        $"{Slug.Of(family)}.{trial.ConfigurationHash}.{Slug.Of(device)}.t{threads}" + (trial.Limit is { } limit ? $".limit{limit}" : "");
}
