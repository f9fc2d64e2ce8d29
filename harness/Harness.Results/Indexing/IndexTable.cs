namespace Harness.Results.Indexing;

sealed record IndexColumn(string Name, ValueKind Kind);

/// <summary>A table of the index: its columns, and the columns its rows are sorted by.</summary>
/// <param name="Content">For a table of things that runs share: the column that names a thing by the hash of its content.</param>
sealed record IndexTable(string Name, IReadOnlyList<IndexColumn> Columns, IReadOnlyList<string> Key, string? Content = null)
{
    public string FileName => Name + ".parquet";

    public int IndexOf(string column)
    {
        for (var index = 0; index < Columns.Count; index++)
            if (Columns[index].Name == column) return index;
        throw new ArgumentException($"The table {Name} has no column {column}.", nameof(column));
    }
}

/// <summary>Every table of the index (docs/results.md). Raise <see cref="Version"/> when one changes: older indexes are made
/// again.</summary>
static class IndexTables
{
    public const int Version = 3;

    /// <summary>With the primary number of a run, so that a leaderboard needs no other table.</summary>
    public static IndexTable Runs { get; } = new("runs",
    [
        Text("run_id"), Text("run_hash"), Text("trial_id"), Text("state"), Text("state_reason"), Time("started_at"), Time("ended_at"),
        Real("duration_s"), Text("session_id"), Text("plan"), Text("purpose"), Text("pair_id"), Text("pair_arm"), Integer("pair_order"),
        Truth("imported"), Text("suite"), Text("benchmark"),
        Text("model_id"), Text("model_family"), Text("model_kind"), Integer("n_params"), Integer("footprint_bytes"),
        Real("bits_per_weight"), Text("dataset_id"), Text("protocol_id"), Text("protocol_sha256"), Truth("stand_in"),
        Integer("n_samples_total"), Integer("limit_samples"), Text("device_id"), Text("device_class"), Text("device_sha256"),
        Truth("emulated"), Integer("threads"), Text("config_json"), Text("config_sha256"), Integer("seed"), Text("harness_version"),
        Text("harness_commit"), Truth("harness_dirty"), Text("runtime_version"), Text("os"), Text("command_line"),
        Text("signer_key_id"), Text("folder"), Text("primary_metric_id"), Real("primary_value"), Text("primary_unit"),
        Text("primary_direction"),
    ], ["started_at", "run_id"]);

    /// <summary>Sorted by metric first, so that a leaderboard reads only the row groups of its metrics.</summary>
    public static IndexTable Metrics { get; } = new("metrics",
    [
        Text("run_id"), Text("metric_id"), Integer("metric_version"), Real("value"), Text("unit"), Text("direction"), Integer("n"),
        Real("ci_low"), Real("ci_high"), Text("ci_method"), Text("source"), Text("energy_tier"), Truth("is_primary"),
    ], ["metric_id", "metric_version", "run_id"]);

    public static IndexTable Devices { get; } = new("devices",
    [
        Text("device_id"), Text("device_sha256"), Time("valid_from"), Time("last_seen"), Integer("runs"), Text("class"),
        Text("processor"), Integer("cores"), Integer("ram_bytes"), Text("os"), Text("runtime_version"), Truth("emulated"),
        Text("instructions"), Text("allocator"), Text("sensors"),
    ], ["device_id", "valid_from", "device_sha256"], "device_sha256");

    public static IndexTable Datasets { get; } = new("datasets",
    [
        Text("protocol_id"), Text("protocol_sha256"), Time("valid_from"), Time("last_seen"), Integer("runs"), Text("dataset_id"),
        Integer("version"), Text("title"), Text("licence"), Text("citation"), Text("encoding"), Text("split_rule"), Integer("classes"),
        Integer("n_train"), Integer("n_validation"), Integer("n_test"), Truth("stand_in"), Text("files_json"),
    ], ["protocol_id", "valid_from", "protocol_sha256"], "protocol_sha256");

    public static IndexTable Comparisons { get; } = new("comparisons",
    [
        Text("finding_id"), Time("found_at"), Text("metric_id"), Integer("metric_version"), Text("run_a"), Text("run_b"), Text("design"),
        Real("effect"), Real("ci_low"), Real("ci_high"), Real("p"), Real("q"), Text("verdict"), Real("mde"), Real("margin"),
        Integer("n"), Text("session_id"), Text("series"), Text("device_id"), Text("role"), Text("base_commit"), Text("head_commit"),
        Text("outcome"), Real("noise_floor"), Real("before"), Real("after"), Text("unit"),
    ], ["found_at", "finding_id"]);

    public static IndexTable Alerts { get; } = new("alerts",
    [
        Text("finding_id"), Time("found_at"), Text("series"), Text("metric_id"), Text("verdict"), Real("before"), Real("after"),
        Real("effect"), Real("ci_low"), Real("ci_high"), Real("p"), Real("q"), Real("noise_floor"), Real("mde"), Text("good_commit"),
        Text("first_bad_commit"), Text("unjudged_commits"), Text("cause"), Text("unit"), Text("session_id"), Text("run_ids"),
        Text("reproduce"),
    ], ["found_at", "finding_id"]);

    public static IndexTable Events { get; } = new("events",
        [Text("finding_id"), Time("happened_at"), Text("event"), Text("subject"), Text("note")], ["happened_at", "finding_id"]);

    public static IReadOnlyList<IndexTable> All { get; } = [Runs, Metrics, Devices, Datasets, Comparisons, Alerts, Events];

    static IndexColumn Text(string name) => new(name, ValueKind.Text);
    static IndexColumn Integer(string name) => new(name, ValueKind.Integer);
    static IndexColumn Real(string name) => new(name, ValueKind.Real);
    static IndexColumn Truth(string name) => new(name, ValueKind.Truth);
    static IndexColumn Time(string name) => new(name, ValueKind.Time);
}
