using Harness.Publishing.Boards;
using Harness.Publishing.Text;

namespace Harness.Publishing.History;

/// <summary>One session of a row: the mean of one quantity over the seeds that session ran.</summary>
public sealed record Occasion(DateTimeOffset At, string Session, IReadOnlyList<RunRecord> Runs, double Value, double? Low, double? High)
{
    public string Commit => Runs[0].Provenance.Commit;
    public DeviceCard Device => Runs[0].Device;
}

/// <summary>One quantity of one row over all sessions that measured it, oldest first.</summary>
public sealed record Series(Board Board, Row Row, Column Column, IReadOnlyList<Occasion> Occasions)
{
    /// <summary>The quantities whose history is watched, besides the primary metric and energy.</summary>
    static readonly string[] Watched = ["latency.p50", "speed.samples_per_second", "memory.peak", "time.train"];

    /// <summary>Names the series and everything its changes are worked out from.</summary>
    public string Digest => Text.Digest.Of([Board.Suite, Board.Key, Row.Key, Column.Key,
        .. Occasions.SelectMany(occasion => new[] { Words.Instant(occasion.At), Scale.Exact(occasion.Value) })]);

    /// <summary>Every watched quantity of a row that more than one session measured.</summary>
    public static IEnumerable<Series> Of(Board board, Row row)
    {
        if (row.Replaced == 0 && row.Runs.Select(run => run.Provenance.Session).Distinct().Take(2).Count() < 2) yield break;
        var sessions = row.Every.Where(run => run.State == RunState.Ok).GroupBy(run => run.Provenance.Session)
            .Select(group => (Session: group.Key, At: group.Min(run => run.Started), Runs: group.ToArray()))
            .OrderBy(session => session.At).ThenBy(session => session.Session, StringComparer.Ordinal).ToArray();
        if (sessions.Length < 2) yield break;
        foreach (var column in board.Columns.Where(column => column.Primary || column.Energy || Watched.Contains(column.Metric)))
        {
            Occasion[] occasions = [.. sessions.Select(session => OccasionOrNull(session.Session, session.At, session.Runs, column))
                .OfType<Occasion>()];
            if (occasions.Length > 1) yield return new Series(board, row, column, occasions);
        }
    }

    static Occasion? OccasionOrNull(string session, DateTimeOffset at, RunRecord[] runs, Column column)
    {
        var values = runs.Select(column.Read).OfType<Measured>().ToArray();
        if (values.Length == 0) return null;
        var stated = values.All(value => value is { Low: not null, High: not null });
        return new Occasion(at, session, runs, values.Average(value => value.Value),
            stated ? values.Min(value => value.Low!.Value) : null, stated ? values.Max(value => value.High!.Value) : null);
    }
}
