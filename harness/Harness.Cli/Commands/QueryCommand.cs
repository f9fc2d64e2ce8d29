using System.Collections;
using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using CsvHelper;
using Harness.Results;

namespace Harness.Cli.Commands;

/// <summary>Answers SQL over the stored results; nothing is changed.</summary>
static class QueryCommand
{
    public static Command Create(Settings settings)
    {
        var sql = new Argument<string>("sql")
        {
            Description = $"A question in DuckDB's SQL, over {string.Join(", ", ResultQuery.Tables)}; `DESCRIBE runs` names columns.",
        };
        var runs = new Option<string[]>("--run")
        {
            Description = "Runs whose samples and timings are asked for (id, end of one, or `latest`); without it those of every run.",
        };
        var csv = new Option<bool>("--csv") { Description = "Print comma-separated values instead of a table." };
        var command = new Command("query", "Ask the stored results a question in SQL.") { sql, runs, csv };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var stores = Stores.Existing(workspace);
            if (stores.Count == 0)
                throw new HarnessException($"No results in {string.Join(" and ", workspace.Results.Select(folder => folder.FullName))}.");
            var chosen = parsed.GetValue(runs) is { Length: > 0 } words ? await Stores.IdsAsync(workspace, words, cancellation) : null;
            var answer = await ResultQuery.RunAsync(stores, parsed.GetValue(sql)!, chosen, cancellation);
            if (workspace.Json) PrintJson(workspace.Terminal, answer);
            else if (parsed.GetValue(csv)) PrintCsv(workspace.Terminal, answer);
            else workspace.Terminal.Table(answer.Columns, [.. answer.Rows.Select(row => (IReadOnlyList<string>)[.. row.Select(Cell)])]);
            return ExitCodes.Ok;
        });
        return command;
    }

    static void PrintJson(Terminal terminal, QueryResult answer) => terminal.Json(answer.Rows.Select(row =>
        new JsonObject(answer.Columns.Zip(row, (name, value) => KeyValuePair.Create(name, Node(value))).DistinctBy(member => member.Key))));

    static void PrintCsv(Terminal terminal, QueryResult answer)
    {
        var options = CsvWriterOptions.Default with { NewLine = "\n", Injection = CsvInjection.None };
        using var csv = CsvWriter.Create(terminal.Data, options, leaveOpen: true);
        csv.WriteHeader([.. answer.Columns]);
        foreach (var row in answer.Rows)
        {
            foreach (var value in row) csv.WriteField(value is null ? "" : Text(value));
            csv.EndRecord();
        }
        csv.Flush();
    }

    static string Cell(object? value) => value switch
    {
        null => "–",
        double or float => string.Create(CultureInfo.InvariantCulture, $"{value:G9}"),
        _ => Text(value),
    };

    static string Text(object value) => value switch
    {
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture),
        double or float => string.Create(CultureInfo.InvariantCulture, $"{value:R}"),
        bool truth => truth ? "true" : "false",
        string or BigInteger or ValueType => string.Create(CultureInfo.InvariantCulture, $"{value}"),
        _ => Node(value)!.ToJsonString(),
    };

    static JsonNode? Node(object? value) => value switch
    {
        null => null,
        bool truth => JsonValue.Create(truth),
        double number => double.IsFinite(number) ? JsonValue.Create(number) : JsonValue.Create($"{number}"),
        float number => Node((double)number),
        BigInteger number =>
            number >= long.MinValue && number <= long.MaxValue ? JsonValue.Create((long)number) : JsonValue.Create($"{number}"),
        sbyte or short or int or long or byte or ushort or uint or ulong =>
            JsonValue.Create(Convert.ToDecimal(value, CultureInfo.InvariantCulture)),
        decimal number => JsonValue.Create(number),
        IDictionary group => new JsonObject(group.Keys.Cast<object>().Select(key => KeyValuePair.Create($"{key}", Node(group[key])))),
        IEnumerable list and not string => new JsonArray([.. list.Cast<object?>().Select(Node)]),
        _ => JsonValue.Create(Text(value)),
    };
}
