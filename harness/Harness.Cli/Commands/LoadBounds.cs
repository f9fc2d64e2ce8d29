using Harness.Statistics;
using Suites.LlmEdge.Bench;

namespace Harness.Cli.Commands;

/// <summary>Upper bounds that a server must keep, each for 99 % of the queries; null where none is asked.</summary>
sealed record LoadBounds(TimeSpan? Latency, TimeSpan? FirstToken, TimeSpan? PerToken)
{
    public const double Share = 0.99;

    public bool Any => (Latency ?? FirstToken ?? PerToken) is not null;

    /// <summary>Whether a run shows it, by MLPerf's early stopping.</summary>
    public bool AreKept(IReadOnlyList<QueryTimes> queries)
    {
        return Kept(Latency, query => query.Latency) && Kept(FirstToken, query => query.ToFirstToken)
            && Kept(PerToken, query => query.PerToken);

        bool Kept(TimeSpan? bound, Func<QueryTimes, TimeSpan> time) => bound is not { } most
            || EarlyStopping.IsWithin(queries.Count, queries.Count(query => time(query) > most), Share);
    }
}
