using Harness.Publishing.Boards;

namespace Harness.Publishing.Parts;

/// <summary>Where a row stands, in words.</summary>
static class Standings
{
    public static string Of(Row row) => (row.Trial.Limit is { } limit ? $"limited to {limit} samples; " : "") + row.Standing switch
    {
        Standing.Leads => "leads, clear of all others",
        Standing.NotDistinguishable => $"may be first: rank {row.Rank}, not distinguishable from the best",
        Standing.Behind => $"rank {row.Rank}",
        Standing.Alone => "only row with a result",
        _ => "not ranked",
    };
}
