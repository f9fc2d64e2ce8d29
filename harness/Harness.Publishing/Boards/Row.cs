using System.Text.Json;
using Harness.Publishing.Text;

namespace Harness.Publishing.Boards;

/// <summary>Where a row stands on its board by the primary metric.</summary>
public enum Standing
{
    /// <summary>Best, and its interval is clear of every other row's.</summary>
    Leads,
    /// <summary>Its interval meets the best row's (or one of them states none): the data cannot tell them apart.</summary>
    NotDistinguishable,
    /// <summary>Below the best by more than their intervals.</summary>
    Behind,
    /// <summary>The only row with a number: there is nothing to compare it with.</summary>
    Alone,
    /// <summary>No seed ended well.</summary>
    Unranked,
}

/// <summary>One configuration of a family on one device: the newest run of each seed.</summary>
public sealed record Row(string Family, FamilyCard? Card, string DeviceId, int Threads, IReadOnlyList<RunRecord> Runs, IReadOnlyList<Cell> Cells)
{
    public Standing Standing { get; init; } = Standing.Unranked;
    /// <summary>1 for every row that shares the first place; null for an unranked row.</summary>
    public int? Rank { get; init; }
    /// <summary>What tells this configuration from the family's others on the same board; empty for an only one.</summary>
    public string Difference { get; init; } = "";
    /// <summary>Runs of the same seeds that a newer run has replaced.</summary>
    public int Replaced { get; init; }

    public Trial Trial => Runs[0].Trial;
    public JsonElement Configuration => Trial.Configuration;
    public string ConfigurationHash { get; } = Runs[0].Trial.ConfigurationHash;
    public string Title => Card?.Title ?? Family;
    public string Key => $"{Slug.Of(Family)}.{ConfigurationHash}.{Slug.Of(DeviceId)}.t{Threads}" + (Trial.Limit is { } limit ? $".limit{limit}" : "");
    public string Label => Difference.Length == 0 ? Title : $"{Title}, {Difference}";
    public IReadOnlyList<RunRecord> Finished => [.. Runs.Where(run => run.State == RunState.Ok)];
    public IReadOnlyList<RunRecord> Unfinished => [.. Runs.Where(run => run.State != RunState.Ok)];

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
}
