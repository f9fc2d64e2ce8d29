using System.Text.Json;

namespace Harness.Cli.Tests;

public sealed class StoreCommandTests : IDisposable
{
    readonly HarnessProcess _harness = new();

    public void Dispose() => _harness.Dispose();

    async Task<Outcome> Ok(params string[] arguments)
    {
        var outcome = await _harness.Run(arguments);
        Assert.True(outcome.Code == ExitCodes.Ok, outcome.ToString());
        return outcome;
    }

    async Task RunTrialsAsync(string seeds = "1..2")
    {
        var plan = _harness.Write("plan.yaml", $"""
            name: small
            seeds: {seeds}
            trials:
              - suite: clustering
                benchmark: points
                datasets: [blobs]
                families:
                  - id: k-means
                    with: {"{"} clusters: 5, restarts: 1 {"}"}
            """);
        await Ok("run", "--plan", plan);
    }

    string OnlyRunFolder() =>
        Directory.GetFiles(_harness.Results.FullName, "run.json", SearchOption.AllDirectories).Select(Path.GetDirectoryName)
        .Order(StringComparer.Ordinal).First()!;

    async Task<List<string>> IdsAsync() =>
        [.. JsonElement.Parse((await Ok("query", "SELECT run_id FROM runs ORDER BY started_at, run_id", "--json"))
        .Data).EnumerateArray().Select(row => row.GetProperty("run_id").GetString()!)];

    [Fact]
    public async Task Stored_runs_are_signed_and_answer_questions_in_three_forms()
    {
        await RunTrialsAsync();
        var verified = await Ok("verify", "--require-signature");
        Assert.Contains("2 by key", verified.Messages);
        Assert.Contains("(trusted)", verified.Messages);
        const string sql = "SELECT protocol_id, seed, imported FROM runs ORDER BY seed";
        Assert.Equal("protocol_id,seed,imported\nblobs@1,1,false\nblobs@1,2,false\n", (await Ok("query", sql, "--csv")).Data);
        var rows = JsonElement.Parse((await Ok("query", sql, "--json")).Data);
        Assert.Equal(2, rows[1].GetProperty("seed").GetInt32());
        Assert.Contains("| blobs@1     |", (await Ok("query", sql)).Data);
        var samples = JsonElement.Parse((await Ok("query", "SELECT count(*) AS n FROM samples", "--run", "latest", "--json")).Data);
        Assert.True(samples[0].GetProperty("n").GetInt64() > 0);
    }

    [Fact]
    public async Task A_question_that_would_change_something_is_a_usage_error()
    {
        await RunTrialsAsync("[1]");
        var outcome = await _harness.Run("query", "DROP VIEW runs");
        Assert.Equal(ExitCodes.Usage, outcome.Code);
        Assert.Contains("Only questions", outcome.Messages);
    }

    [Fact]
    public async Task An_edited_score_is_found_by_its_signature_and_by_its_predictions()
    {
        await RunTrialsAsync("[1]");
        await Ok("verify", "--rescore");
        var envelope = Path.Combine(OnlyRunFolder(), "run.json");
        var text = await File.ReadAllTextAsync(envelope, TestContext.Current.CancellationToken);
        var score = JsonElement.Parse(text).GetProperty("metrics")[0];
        var edited = text.Replace($"\"value\":{score.GetProperty("value").GetRawText()},", "\"value\":0.999,");
        Assert.NotEqual(text, edited);
        await ForgeAsync(envelope, edited);
        var verified = await _harness.Run("verify", "--rescore");
        Assert.Equal(ExitCodes.VerificationFailed, verified.Code);
        Assert.Contains("changed after it was signed", verified.Data);
        Assert.Contains("but its predictions and timings give", verified.Data);
    }

    // Makes the list of hashes and the chain fit the edited file, as somebody without the key can.
    async Task ForgeAsync(string envelope, string text)
    {
        static string Hash(string file) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)));
        var list = Path.Combine(Path.GetDirectoryName(envelope)!, "artifacts.sha256");
        var chain = Path.Combine(_harness.Results.FullName, "chain.log");
        var (run, artifacts) = (Hash(envelope), Hash(list));
        await File.WriteAllTextAsync(envelope, text);
        await File.WriteAllTextAsync(list, (await File.ReadAllTextAsync(list)).Replace(run, Hash(envelope)));
        await File.WriteAllTextAsync(chain,
            (await File.ReadAllTextAsync(chain)).Replace(run, Hash(envelope)).Replace(artifacts, Hash(list)));
    }

    [Fact]
    public async Task Results_of_a_stranger_are_consistent_but_not_trusted_until_their_key_is_given()
    {
        await RunTrialsAsync("[1]");
        var key = _harness.Write("stranger.pem", (await Ok("key")).Data);
        _harness.Environment["HARNESS_SIGNING_KEY"] = Path.Combine(_harness.Folder.FullName, "other.pem");
        Assert.Contains("you trust no key yet", (await Ok("verify")).Messages);
        await Ok("key");
        Assert.Equal(ExitCodes.VerificationFailed, (await _harness.Run("verify")).Code);
        Assert.Contains("(trusted)", (await Ok("verify", "--trust", key)).Messages);
        Assert.Contains("(trusted)", (await Ok("verify", "--trust", Path.GetDirectoryName(key)!)).Messages);
        var empty = Directory.CreateTempSubdirectory("keys-");
        var refused = await _harness.Run("verify", "--trust", empty.FullName);
        empty.Delete();
        Assert.NotEqual(ExitCodes.Ok, refused.Code);
        Assert.Contains($"{empty.FullName} holds no public key (*.pem) to trust", refused.Messages);
    }

    [Fact]
    public async Task An_index_that_was_deleted_is_made_again_to_the_same_bytes()
    {
        await RunTrialsAsync();
        await Ok("index", "compact");
        var index = Path.Combine(_harness.Results.FullName, "index");
        var before = Bytes(index);
        Directory.Delete(index, recursive: true);
        await Ok("index", "rebuild");
        Assert.Equal(before, Bytes(index));
    }

    static Dictionary<string, string> Bytes(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(file => Path.GetRelativePath(folder, file), file => Convert.ToBase64String(File.ReadAllBytes(file)));

    [Fact]
    public async Task A_removed_run_is_gone_a_compacted_one_keeps_its_score_and_both_leave_a_reason()
    {
        await RunTrialsAsync();
        var ids = await IdsAsync();
        Assert.Equal(ids[0] + "\n", (await Ok("rm", ids[0], "--reason", "test", "--dry-run")).Data);
        var never = ids[0][..^1] + (ids[0][^1] == '0' ? '1' : '0');
        foreach (var flags in new[] { ["--dry-run"], Array.Empty<string>() })
            Assert.Contains($"Run {never} is not in", (await _harness.Run(["rm", never, "--reason", "test", .. flags])).Messages);
        await Ok("rm", ids[0], "--reason", "wrong governor");
        await Ok("compact", ids[1], "--reason", "old", "--archive", Path.Combine(_harness.Folder.FullName, "old.tar.gz"));
        Assert.Equal([ids[1]], await IdsAsync());
        Assert.Contains($"Run {ids[0]} is not in", (await _harness.Run("rm", ids[0], "--reason", "twice")).Messages);
        Assert.Contains("adjusted-rand-index", (await Ok("show", ids[1])).Data);
        await Ok("verify", "--rescore", "--require-signature");
        var chain = await File.ReadAllTextAsync(Path.Combine(_harness.Results.FullName, "chain.log"),
            TestContext.Current.CancellationToken);
        Assert.Contains("wrong governor", chain);
        Assert.Contains("old.tar.gz sha256:", chain);
        Assert.Equal(ExitCodes.Usage, (await _harness.Run("rm", "--reason", "nothing named")).Code);
    }

    [Fact]
    public async Task Results_of_another_tool_are_stored_once_exported_and_not_ranked()
    {
        var file = _harness.Write("bench.json", """{ "kernel": { "latency": { "value": 88.5, "lower_value": 87, "upper_value": 90 } } }""");
        Assert.Contains("1 runs imported", (await Ok("import", file, "--from", "bmf")).Messages);
        Assert.Contains("0 runs imported, 1 were stored already", (await Ok("import", file, "--from", "bmf")).Messages);
        Assert.Equal(88.5, JsonElement.Parse((await Ok("export", "--to", "bmf")).Data).GetProperty("kernel").GetProperty("latency")
            .GetProperty("value").GetDouble());
        Assert.Contains("harness_latency_nanoseconds{", (await Ok("export", "--to", "openmetrics")).Data);
        Assert.Contains("declared", (await Ok("export", "--to", "csv")).Data);
        var folder = Path.Combine(_harness.Folder.FullName, "tables");
        await Ok("export", "--to", "parquet", "--output", folder);
        Assert.True(File.Exists(Path.Combine(folder, "metrics.parquet")));
        Assert.Equal("[]", (await Ok("query", "SELECT * FROM leaderboard", "--json")).Data.Trim());
        var refused = await _harness.Run("reproduce", "latest");
        Assert.Equal(ExitCodes.Usage, refused.Code);
        Assert.Contains("imported", refused.Messages);
    }

    [Fact]
    public async Task A_note_is_an_event()
    {
        await RunTrialsAsync("[1]");
        await Ok("note", "kernel 6.2 installed", "--subject", "laptop", "--event", "os_update");
        Assert.Equal("event,subject,note\nos_update,laptop,kernel 6.2 installed\n",
            (await Ok("query", "SELECT event, subject, note FROM events", "--csv")).Data);
        await Ok("verify");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_is_reproduced_from_its_record_alone(bool withPredictions)
    {
        await RunTrialsAsync("[3]");
        var folder = Path.Combine(_harness.Folder.FullName, "elsewhere");
        Directory.CreateDirectory(folder);
        foreach (var file in withPredictions ? Directory.GetFiles(OnlyRunFolder()) : [Path.Combine(OnlyRunFolder(), "run.json")])
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        Directory.Delete(_harness.Results.FullName, recursive: true);
        var outcome = await Ok("reproduce", Path.Combine(folder, "run.json"));
        Assert.Contains(withPredictions ? "bitwise: all" : "statistical: the stored run came without its predictions", outcome.Messages);
        Assert.Equal("verdict\nequivalent\n", (await Ok("query", "SELECT verdict FROM comparisons", "--csv")).Data);
    }
}
