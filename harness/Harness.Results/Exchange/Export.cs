using System.Globalization;
using Harness.Results.Exchange;

namespace Harness.Results;

/// <summary>Writes runs in the formats of other tools. What a format has no place for is left out, never squeezed in.</summary>
public static class Export
{
    /// <summary>One line per number of each run, comma-separated, with a header.</summary>
    public static void Csv(IEnumerable<RunRecord> runs, TextWriter text) => CsvExport.Write(runs, text);

    /// <summary>Bencher Metric Format: the newest value of each measure of each benchmark.</summary>
    public static void Bmf(IEnumerable<RunRecord> runs, TextWriter text) => BmfExport.Write(runs, text);

    /// <summary>OpenMetrics 1.0 text: the newest run of each trial and device as gauges.</summary>
    public static void OpenMetrics(IEnumerable<RunRecord> runs, TextWriter text) => OpenMetricsExport.Write(runs, text);

    /// <summary>A night as Markdown: alerts first, then everything that was compared.</summary>
    public static void Markdown(NightReport night, TextWriter text) => NightMarkdown.Write(night, text);

    /// <summary>A night as JUnit XML: a confirmed regression is a failure, an open question is skipped.</summary>
    public static void JUnit(NightReport night, TextWriter text) => NightJUnit.Write(night, text);

    /// <summary>A night as OpenMetrics 1.0 text.</summary>
    public static void OpenMetrics(NightReport night, TextWriter text) => NightOpenMetrics.Write(night, text);

    /// <summary>Every Eval Ever 0.3.0: one document per ok run, named by where it belongs in a collection.</summary>
    public static IEnumerable<(string Path, string Json)> EveryEval(IEnumerable<RunRecord> runs, DateTimeOffset at) =>
        EveryEvalExport.Documents(runs, at);

    /// <summary>The tables of the index as single files, made from the run folders: runs.parquet, metrics.parquet and the others.</summary>
    public static async Task ParquetAsync(ResultStore store, DirectoryInfo folder, CancellationToken cancellation)
    {
        folder.Create();
        if (folder.EnumerateFiles("*.parquet").FirstOrDefault() is { } there)
            throw new HarnessException($"'{there.FullName}' exists already; give an empty folder.");
        var chain = await Storage.Chain.ReadAsync(store.Folder.FullName, cancellation);
        await new Indexing.IndexSource(store.Folder.FullName, chain).WriteAsync(1, chain.Lines.Count, folder.FullName, cancellation);
    }

    /// <summary>A name for a configuration on a device that stays the same from run to run.</summary>
    internal static string Name(RunRecord run)
    {
        var model = Bare(run.Trial.Family);
        if (IsImported(run)) return model;
        var limit = run.Trial.Limit is { } samples ? string.Create(CultureInfo.InvariantCulture, $"/first-{samples}") : "";
        return $"{run.Trial.Suite}/{run.Trial.Protocol}{limit}/{run.Trial.Family}/{run.Trial.ConfigurationHash}/seed-{run.Trial.Seed}"
            + $"/{run.Device.Id}";
    }

    /// <summary>Without the version 0, which stands for none.</summary>
    internal static string Bare(string name) => name.EndsWith("@0", StringComparison.Ordinal) ? name[..^2] : name;

    internal static bool IsImported(RunRecord run) => run.Provenance.Purpose == Words.Imported;

    /// <summary>The newest ok run of each name.</summary>
    internal static IEnumerable<RunRecord> Newest(IEnumerable<RunRecord> runs) => runs.Where(run => run.State == RunState.Ok)
        .GroupBy(run => (Name(run), IsImported(run) ? run.Trial.Protocol : "", IsImported(run) ? run.Trial.ConfigurationHash : ""))
        .Select(group => group.MaxBy(run => (run.Started, run.RunId))!);
}
