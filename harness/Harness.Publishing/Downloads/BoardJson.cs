using System.Text.Json;
using Harness.Publishing.Boards;
using Harness.Publishing.Text;

namespace Harness.Publishing.Downloads;

/// <summary>A board as JSON: columns with their definitions, rows with every seed's number. Schema <c>harness-board 2</c>.</summary>
static class BoardJson
{
    public static void Write(Site site, Board board, TextWriter writer) => writer.Write(CanonicalJson.Write(new
    {
        Schema = "harness-board 2",
        At = board.At is { } at ? Words.Instant(at) : null,
        board.Suite,
        board.Benchmark,
        board.Protocol,
        Columns = board.Columns.Select(column => new
        {
            Metric = column.Key,
            column.Title,
            Unit = column.StoredUnit,
            column.Direction,
            column.Source,
            column.Primary,
            site.Definitions.GetValueOrDefault(column.Metric)?.Definition,
        }),
        Rows = board.Rows.Select(row => Row(board, row)),
        Limited = board.Limited.Select(row => Row(board, row)),
    }));

    static object Row(Board board, Row row) => new
    {
        row.Family,
        row.ConfigurationHash,
        row.Configuration,
        Device = row.DeviceId,
        row.Threads,
        row.Trial.Limit,
        Rank = row.Rank?.Best,
        RankWorst = row.Rank?.Worst,
        Standing = JsonNamingPolicy.SnakeCaseLower.ConvertName(row.Standing.ToString()),
        Cautions = row.Cautions,
        Means = board.Columns.Select((column, i) => (column.Key, Cell: row.Cells[i])).Where(pair => pair.Cell.Any)
            .ToDictionary(pair => pair.Key, pair => new { pair.Cell.Mean, pair.Cell.Spread, Seeds = pair.Cell.Seeds.Count }),
        Runs = row.Runs.Select(run => new
        {
            Run = run.RunId,
            run.Trial.Seed,
            run.State,
            run.Reason,
            Values = board.Columns.Select(column => (column.Key, Value: column.Read(run))).Where(pair => pair.Value is not null)
                .ToDictionary(pair => pair.Key, pair => new
                {
                    pair.Value!.Value, pair.Value.Low, pair.Value.High, pair.Value.Interval, EnergyTier = pair.Value.Tier,
                }),
        }),
    };
}
