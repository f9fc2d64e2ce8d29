using System.Globalization;
using Harness.Publishing.Boards;
using Harness.Publishing.Text;

namespace Harness.Publishing.Downloads;

/// <summary>A board as CSV (RFC 4180): one line per run, failed and limited ones included, numbers with every digit in their stored
/// unit.</summary>
static class Csv
{
    static readonly string[] Head =
    [
        "suite", "benchmark", "protocol", "family", "configuration_hash", "configuration", "seed", "device", "threads", "limit", "state",
            "reason",
        "run", "commit", "dirty", "started",
    ];

    public static void Write(Board board, TextWriter writer)
    {
        Line(writer, Head.Concat(board.Columns.SelectMany(column => Names(board, column))));
        foreach (var row in board.All)
            foreach (var run in row.Runs)
                Line(writer, Facts(row, run).Concat(board.Columns.SelectMany(column => Values(column, run))));
    }

    static IEnumerable<string> Names(Board board, Column column)
    {
        var name = board.Columns.Count(other => other.Metric == column.Metric) > 1 ? column.Key : column.Metric;
        return [$"{name} [{column.StoredUnit}]", $"{name}.low", $"{name}.high"];
    }

    static IEnumerable<string> Values(Column column, RunRecord run) => column.Read(run) is { } found
        ? [Scale.Exact(found.Value), Optional(found.Low), Optional(found.High)] : ["", "", ""];

    static string Optional(double? value) => value is { } number ? Scale.Exact(number) : "";

    static string[] Facts(Row row, RunRecord run) =>
    [
        run.Trial.Suite, run.Trial.Benchmark, run.Trial.Protocol, run.Trial.Family, row.ConfigurationHash,
            CanonicalJson.Write(run.Trial.Configuration),
        Number(run.Trial.Seed), run.Device.Id, Number(run.Trial.Threads), run.Trial.Limit is { } limit ? Number(limit) : "",
            Words.Of(run.State),
        run.Reason ?? "", run.RunId, run.Provenance.Commit, run.Provenance.Dirty ? "true" : "false", Words.Instant(run.Started),
    ];

    static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    static void Line(TextWriter writer, IEnumerable<string> fields) => writer.Write(string.Join(',', fields.Select(Field)) + "\r\n");

    public static string Field(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
