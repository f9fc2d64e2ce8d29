using System.Text.Json;
using Harness.Results.Tests.Indexing;

namespace Harness.Results.Tests.Querying;

public sealed class QueryTests : StoreTest
{
    Task<QueryResult> AskAsync(string sql, params string[] runs) =>
        ResultQuery.RunAsync([Folder], sql, runs.Length == 0 ? null : runs, Cancellation);

    [Fact]
    public async Task A_column_whose_name_holds_the_name_of_a_table_is_no_question_about_that_table()
    {
        await AppendAsync(Example.Run(0, samples: 0) with { State = RunState.Failed, Reason = "it broke", Metrics = [] });
        foreach (var file in Directory.GetFiles(PathOf("runs"), "samples.parquet", SearchOption.AllDirectories)) File.Delete(file);
        var found = await ResultQuery.RunAsync([Folder], "SELECT limit_samples IS NULL FROM runs", null, Cancellation);
        Assert.Single(found.Rows);
    }

    [Fact]
    public async Task Every_column_of_a_run_says_what_its_record_says()
    {
        await AppendAsync(Example.Run(4));
        var run = Example.Run(4);
        var answer = await AskAsync("""
            SELECT run_id, trial_id, state, started_at, duration_s, session_id, purpose, imported, model_id,
                model_family, model_kind, n_params,
                   protocol_id, protocol_sha256, n_samples_total, limit_samples, device_id, ram_bytes, seed, harness_commit, config_json
            FROM runs JOIN devices USING (device_id)
            """);
        Assert.Equal<object?>(
        [
            run.RunId, run.TrialId, "ok", run.Started.UtcDateTime, 90.0, "20261124-nightly", "nightly", false, "perceptron@2", "perceptron",
            "ann", 101770L, "mnist@1", CanonicalJson.Hash(run.Dataset), 10000L, 20L, "Laptop A/x86", 16L << 30, 11L, "a16b1fd",
            """{"rate":0.001,"width":128}""",
        ], Assert.Single(answer.Rows));
    }

    [Fact]
    public async Task Metrics_are_rows_with_unit_interval_and_origin()
    {
        await AppendAsync(Example.Run(4));
        var answer = await AskAsync("""
            SELECT metric_id, metric_version, value, unit, direction, n, ci_low, ci_high, ci_method, source,
                is_primary FROM metrics ORDER BY 1
            """);
        Assert.Equal<object?>(["accuracy.top1", 1L, 0.904, "1", "higher", 20L, 0.89, 0.98, "wilson95", "measured", true], answer.Rows[0]);
        Assert.Equal<object?>(["latency.p50", 1L, 1.25e-3, "s", "lower", null, null, null, null, "measured", false], answer.Rows[1]);
    }

    [Theory]
    [InlineData("fresh")]
    [InlineData("deleted")]
    [InlineData("behind")]
    public async Task An_answer_does_not_depend_on_the_state_of_the_index(string state)
    {
        await AppendAsync([.. Enumerable.Range(0, 10).Select(number => Example.Run(number))]);
        if (state == "deleted") Directory.Delete(PathOf("index"), recursive: true);
        if (state == "behind")
            Directory.Delete(Path.Combine(IndexBytes.Root(Folder), IndexBytes.Segments(Folder)[^1]), recursive: true);
        var answer = await AskAsync("SELECT count(*), count(DISTINCT run_id), max(value) FROM metrics WHERE metric_id = 'accuracy.top1'");
        Assert.Equal<object?>([10L, 10L, 0.909], answer.Rows[0]);
        Assert.Equal<object?>([10L], (await AskAsync("SELECT runs FROM devices")).Rows[0]);
    }

    [Fact]
    public async Task A_leaderboard_counts_only_whole_measured_runs_that_ended_well()
    {
        RunRecord Whole(int number) => Example.Run(number) with { Trial = Example.Run(number).Trial with { Limit = null } };
        await AppendAsync(Whole(0), Whole(2), Example.Run(5), Whole(6) with { State = RunState.Failed },
            Whole(7) with { Provenance = Whole(7).Provenance with { Purpose = "imported" } });
        var answer = await AskAsync("SELECT model_id, metric_id, runs, seeds, mean, lowest, highest FROM leaderboard");
        Assert.Equal<object?>(["perceptron@2", "accuracy.top1", 2L, 2L, 0.901, 0.9, 0.902], Assert.Single(answer.Rows));
    }

    [Fact]
    public async Task Samples_of_chosen_runs_can_be_asked_for_though_their_columns_differ()
    {
        var prediction = JsonElement.Parse("""{"label":1,"confidence":0.5}""");
        var other = Example.Run(1, samples: 4);
        other = other with { Samples = [.. other.Samples.Select(row => row with { Prediction = prediction })] };
        await AppendAsync(Example.Run(0), other, Example.Run(2));
        var answer = await AskAsync(
            """SELECT run_id, count(*), count("prediction.confidence") FROM samples GROUP BY 1 ORDER BY 1""", Example.Id(0), Example.Id(1));
        Assert.Equal([[Example.Id(0), 20L, 0L], [Example.Id(1), 4L, 4L]], answer.Rows);
        Assert.Equal<object?>([6L], (await AskAsync("SELECT count(*) FROM timings")).Rows[0]);
    }

    [Fact]
    public async Task Findings_are_tables_and_a_table_without_rows_is_empty_but_typed()
    {
        using (var store = await OpenAsync())
        {
            await store.AppendAsync(Example.Run(0), Cancellation);
            await store.AppendAsync(new Occurrence(Example.Start, "os_update", "laptop", "kernel"), Cancellation);
        }
        Assert.Equal<object?>(["os_update", "laptop", Example.Start.UtcDateTime],
            (await AskAsync("SELECT event, subject, happened_at FROM events")).Rows[0]);
        Assert.Empty((await AskAsync("SELECT run_a, effect + 1 FROM comparisons WHERE p < 0.05")).Rows);
        Assert.Equal(["alerts", "comparisons", "datasets", "devices", "events", "leaderboard", "metrics", "runs"],
            (await AskAsync("SHOW TABLES")).Rows.Select(row => (string)row[0]!));
    }

    [Theory]
    [InlineData("DROP VIEW runs")]
    [InlineData("SELECT 1; CREATE TABLE t (i INTEGER)")]
    [InlineData("COPY (SELECT 1) TO 'runs.csv'")]
    [InlineData("COPY (SELECT * FROM runs) TO 'STORE/index/stolen.parquet'")]
    [InlineData("ATTACH 'STORE/x.db'")]
    [InlineData("INSTALL httpfs")]
    [InlineData("SET lock_configuration = false")]
    [InlineData("PRAGMA database_list")]
    public async Task Anything_but_a_question_is_refused_and_changes_nothing(string sql)
    {
        await AppendAsync(Example.Run(0));
        var before = Folder.EnumerateFiles("*", SearchOption.AllDirectories).Count();
        var error = await Assert.ThrowsAsync<QueryException>(() => AskAsync(sql.Replace("STORE", Folder.FullName)));
        Assert.Contains("Only questions", error.Message);
        Assert.Equal(before, Folder.EnumerateFiles("*", SearchOption.AllDirectories).Count());
    }

    [Fact]
    public async Task A_question_reads_nothing_outside_the_stores()
    {
        await AppendAsync(Example.Run(0));
        using var elsewhere = new TemporaryFolder();
        await File.WriteAllTextAsync(elsewhere.Path("secret.csv"), "a\n1\n", Cancellation);
        var error = await Assert.ThrowsAsync<QueryException>(() => AskAsync($"SELECT * FROM read_csv('{elsewhere.Path("secret.csv")}')"));
        Assert.Contains("disabled", error.Message);
    }

    [Theory]
    [InlineData("SELECT acuracy FROM metrics", "acuracy")]
    [InlineData("SELEC 1", "SELEC")]
    [InlineData("SELECT * FROM scores", "scores")]
    public async Task A_wrong_question_is_answered_in_the_words_of_the_engine(string sql, string expected)
    {
        await AppendAsync(Example.Run(0));
        Assert.Contains(expected, (await Assert.ThrowsAsync<QueryException>(() => AskAsync(sql))).Message);
    }

    [Fact]
    public async Task A_run_that_lies_in_two_stores_is_counted_once()
    {
        using var other = new TemporaryFolder();
        await AppendAsync(Example.Run(0), Example.Run(1));
        using (var store = await ResultStore.OpenForWritingAsync(other.Folder, TimeProvider.System, Cancellation))
        {
            await store.AppendAsync(Example.Run(1), Cancellation);
            await store.AppendAsync(Example.Run(2), Cancellation);
        }
        var answer = await ResultQuery.RunAsync([Folder, other.Folder], "SELECT count(*) FROM runs", null, Cancellation);
        Assert.Equal<object?>([3L], answer.Rows[0]);
    }
}
