using System.Globalization;
using System.Text;
using Harness.Results.Indexing;

namespace Harness.Results.Querying;

/// <summary>The views that a query may name, in the engine's SQL. Only what the query mentions is made: opening files costs time.</summary>
static class Views
{
    /// <summary>Measured results of whole test splits, without runs that only served as a reference: one row per model, configuration,
    /// protocol and device class, over its seeds.</summary>
    const string Leaderboard = """
        CREATE VIEW leaderboard AS
        SELECT r.suite, r.benchmark, r.protocol_id, m.metric_id, r.model_id, r.config_sha256, any_value(r.config_json) AS config_json,
               r.device_class, count(*) AS runs, count(DISTINCT r.seed) AS seeds, avg(m.value) AS mean, stddev_samp(m.value) AS deviation,
               min(m.value) AS lowest, max(m.value) AS highest, any_value(m.unit) AS unit, any_value(m.direction) AS direction
        FROM runs r JOIN metrics m USING (run_id)
        WHERE r.state = 'ok' AND NOT r.imported AND NOT r.emulated AND r.limit_samples IS NULL AND m.is_primary
              AND coalesce(r.pair_arm, 'head') = 'head'
        GROUP BY r.suite, r.benchmark, r.protocol_id, m.metric_id, r.model_id, r.config_sha256, r.device_class;
        """;

    static readonly string[] PerRun = ["samples", "timings"];

    /// <summary>Names of everything that can be asked for.</summary>
    public static IEnumerable<string> Names => IndexTables.All.Select(table => table.Name).Concat(PerRun).Append("leaderboard");

    public static string For(string sql, Sources sources, IReadOnlyList<string>? runs)
    {
        bool Mentions(string name) => sql.Contains(name, StringComparison.OrdinalIgnoreCase);
        var board = Mentions("leaderboard");
        // A question about the tables themselves needs them all.
        var all = Mentions("show") || Mentions("information_schema") || Mentions("duckdb_");
        var text = new StringBuilder();
        foreach (var table in IndexTables.All)
            if (all || Mentions(table.Name) || (board && (table == IndexTables.Runs || table == IndexTables.Metrics))
                || (table == IndexTables.Runs && PerRun.Any(Mentions))) text.AppendLine(View(table, sources));
        foreach (var name in PerRun.Where(Mentions)) text.AppendLine(View(name, sources, runs));
        if (all || board) text.AppendLine(Leaderboard);
        return text.ToString();
    }

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
