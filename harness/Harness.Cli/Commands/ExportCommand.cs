using System.CommandLine;
using Harness.Results;

namespace Harness.Cli.Commands;

/// <summary>Writes stored runs in a format of another tool.</summary>
static class ExportCommand
{
    static readonly string[] Formats = ["csv", "bmf", "openmetrics", "parquet", "every-eval"];

    public static Command Create(Settings settings)
    {
        var format = new Option<string>("--to") { Description = string.Join(", ", Formats), Required = true };
        format.AcceptOnlyFromAmong(Formats);
        var output = new Option<string?>("--output", "-o") { Description =
            "File (csv, bmf, openmetrics; default: standard output) or folder (parquet, every-eval)." };
        var suite = new Option<string?>("--suite") { Description = "Only runs of this suite." };
        var protocol = new Option<string?>("--protocol") { Description = "Only runs on this protocol, e.g. mnist@1." };
        var family = new Option<string?>("--family") { Description = "Only runs of this family, with or without version." };
        var session = new Option<string?>("--session") { Description = "Only runs of this session." };
        var command = new Command("export", "Write results as CSV, Parquet, Bencher Metric Format, OpenMetrics or Every Eval Ever.")
        { format, output, suite, protocol, family, session };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var filter = new ResultFilter(parsed.GetValue(suite), parsed.GetValue(protocol), parsed.GetValue(family),
                parsed.GetValue(session));
            await WriteAsync(workspace, parsed.GetValue(format)!, parsed.GetValue(output), filter, cancellation);
            return ExitCodes.Ok;
        });
        return command;
    }

    static async Task WriteAsync(Workspace workspace, string format, string? output, ResultFilter filter, CancellationToken cancellation)
    {
        if (format == "parquet")
        {
            if (filter != new ResultFilter())
                throw new HarnessException("The Parquet tables are exported whole; `harness query` chooses rows.");
            using var store = ResultStore.OpenForReading(workspace.Results[0]);
            await Export.ParquetAsync(store, new(Needed(output, format)), cancellation);
            return;
        }
        var runs = await Stores.ReadAllAsync(workspace, filter, cancellation);
        if (runs.Count == 0) throw new HarnessException("No stored run passes the filter: nothing was written.");
        if (format == "every-eval")
        {
            await DocumentsAsync(runs, Needed(output, format), cancellation);
            return;
        }
        await using var file = output is null ? null : new StreamWriter(output);
        var text = file ?? workspace.Terminal.Data;
        if (format == "csv") Export.Csv(runs, text);
        else if (format == "bmf") Export.Bmf(runs, text);
        else Export.OpenMetrics(runs, text);
    }

    static async Task DocumentsAsync(IReadOnlyList<RunRecord> runs, string folder, CancellationToken cancellation)
    {
        // As new as its newest run, so that the same results give the same bytes.
        foreach (var (path, json) in Export.EveryEval(runs, runs.Max(run => run.Ended)))
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, json + "\n", cancellation);
        }
    }

    static string Needed(string? output, string format) => output
        ?? throw new HarnessException($"{format} is several files: give a folder with --output.");
}
