using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Harness.Results.Indexing;

namespace Harness.Results.Querying;

/// <summary>The views that a query may name, in the engine's SQL. Only what the query mentions is made: opening files costs time.</summary>
static partial class Views
{
    /// <summary>Measured results of whole test splits, without runs that only served as a reference: one row per model, configuration,
    /// protocol and device class, over its seeds.</summary>
    const string Leaderboard = """
        CREATE VIEW leaderboard AS
        SELECT suite, benchmark, protocol_id, primary_metric_id AS metric_id, model_id, config_sha256,
               any_value(config_json) AS config_json, device_class, count(*) AS runs, count(DISTINCT seed) AS seeds,
               avg(primary_value) AS mean, stddev_samp(primary_value) AS deviation, min(primary_value) AS lowest,
               max(primary_value) AS highest, any_value(primary_unit) AS unit, any_value(primary_direction) AS direction
        FROM runs
        WHERE state = 'ok' AND NOT imported AND NOT emulated AND limit_samples IS NULL AND primary_metric_id IS NOT NULL
              AND coalesce(pair_arm, 'head') = 'head'
        GROUP BY suite, benchmark, protocol_id, primary_metric_id, model_id, config_sha256, device_class;
        """;

    static readonly string[] PerRun = ["samples", "timings", "telemetry"];

    /// <summary>Names of everything that can be asked for.</summary>
    public static IEnumerable<string> Names => IndexTables.All.Select(table => table.Name).Concat(PerRun).Append("leaderboard");

    public static string For(string sql, Sources sources, IReadOnlyList<string>? runs)
    {
        // As a word: limit_samples is a column, and no question about the samples of every run.
        var words = Word().Matches(sql).Select(word => word.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        bool Mentions(string name) => words.Contains(name);
        var board = Mentions("leaderboard");
        // A question about the tables themselves needs them all.
        var all = Mentions("show") || Mentions("information_schema")
            || words.Any(word => word.StartsWith("duckdb_", StringComparison.OrdinalIgnoreCase));
        var text = new StringBuilder();
        foreach (var table in IndexTables.All)
            if (all || Mentions(table.Name) || (board && table == IndexTables.Runs)
                || (table == IndexTables.Runs && PerRun.Any(Mentions))) text.AppendLine(View(table, sources));
        foreach (var name in PerRun.Where(Mentions)) text.AppendLine(View(name, sources, runs));
        if (all || board) text.AppendLine(Leaderboard);
        return text.ToString();
    }

    [GeneratedRegex("[a-zA-Z_][a-zA-Z_0-9]*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word();

    static string View(IndexTable table, Sources sources)
    {
        var files = sources.Files(table.FileName);
        if (files.Count == 0) return $"CREATE VIEW {table.Name} AS {Empty(table)};";
        var rows = $"FROM read_parquet({List(files)}, union_by_name = true)";
        if (table.Content is { } content) return $"CREATE VIEW {table.Name} AS SELECT {Shared(table, content)} {rows} GROUP BY {content};";
        // A run that lies in two of the stores is one run.
        return $"CREATE VIEW {table.Name} AS SELECT {(sources.Stores.Count > 1 ? "DISTINCT " : "")}* {rows};";
    }

    static string Shared(IndexTable table, string content) => string.Join(", ", table.Columns.Select(column => column.Name switch
    {
        "valid_from" => "min(valid_from) AS valid_from",
        "last_seen" => "max(last_seen) AS last_seen",
        "runs" => "CAST(sum(runs) AS BIGINT) AS runs",
        var name when name == content => name,
        var name => $"any_value({name}) AS {name}",
    }));

    static string Empty(IndexTable table) =>
        $"SELECT {string.Join(", ", table.Columns.Select(column => $"CAST(NULL AS {Type(column.Kind)}) AS {column.Name}"))} WHERE false";

    static string View(string name, Sources sources, IReadOnlyList<string>? runs)
    {
        var files = sources.Stores.SelectMany(store => RunFiles(store, name, runs)).ToList();
        if (files.Count == 0) throw new QueryException(runs is null ? $"No run here has {name}." : $"The chosen runs have no {name}.");
        return $"CREATE VIEW {name} AS SELECT r.run_id, s.* EXCLUDE (filename) FROM read_parquet({List(files)}, union_by_name = true, "
            + "filename = true) s JOIN (SELECT DISTINCT run_id, folder FROM runs) r "
            + $"ON ends_with(s.filename, r.folder || '/{name}.parquet');";
    }

    static IEnumerable<string> RunFiles(string store, string name, IReadOnlyList<string>? runs) =>
        Storage.StoreFolder.RunFolders(store)
            .Where(folder => runs is null || runs.Any(run => folder.EndsWith("_" + Storage.RunName.Suffix(run), StringComparison.Ordinal)))
            .Select(folder => Path.Combine(store, folder, name + ".parquet")).Where(File.Exists);

    internal static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Quoted))}]";

    static string Quoted(string text) => string.Create(CultureInfo.InvariantCulture, $"'{text.Replace("'", "''")}'");

    static string Type(ValueKind kind) => kind switch
    {
        ValueKind.Text => "VARCHAR", ValueKind.Integer => "BIGINT", ValueKind.Real => "DOUBLE", ValueKind.Truth => "BOOLEAN",
        _ => "TIMESTAMPTZ",
    };
}
