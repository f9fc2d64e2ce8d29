using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using Harness.Results;
using Harness.Results.Signing;

namespace Harness.Benchmarks;

/// <summary>
/// A store of 35 000 generated runs. Targets on two cores: rebuilding the index at most 60 s, any leaderboard query at most 200 ms with
/// the engine cold, appending a run at most 20 ms.
/// </summary>
[SameProcess(1, 5)]
public class StoreBenchmark
{
    const int Appends = 100;

    /// <summary>The scores of all families on one protocol, best first: what a leaderboard page shows.</summary>
    const string Scores = """
        SELECT r.model_id, avg(m.value) AS mean, stddev_samp(m.value) AS deviation, count(*) AS runs
        FROM runs r JOIN metrics m USING (run_id)
        WHERE r.protocol_id = 'dataset-3@1' AND m.metric_id = 'accuracy' AND r.state = 'ok' GROUP BY 1 ORDER BY 2 DESC
        """;

    const string Leaderboard = "SELECT * FROM leaderboard ORDER BY protocol_id, mean DESC";

    DirectoryInfo _folder = null!;
    ResultStore _store = null!;
    SigningKey _key = null!;
    int _next;

    [GlobalSetup]
    public async Task Prepare()
    {
        _folder = await FleetStore.SharedAsync();
        _key = SigningKey.Create();
        _store = await ResultStore.OpenForWritingAsync(_folder, TimeProvider.System, CancellationToken.None, null, _key);
        _next = (await _store.RunIdsAsync(CancellationToken.None)).Count;
    }

    [GlobalCleanup]
    public void Close()
    {
        _store.Dispose();
        _key.Dispose();
    }

    [Benchmark]
    public Task Rebuild() => _store.RebuildIndexAsync(CancellationToken.None);

    /// <summary>One run at a time, each durable and signed when the call returns; the mean includes merging the index.</summary>
    [Benchmark(OperationsPerInvoke = Appends)]
    public async Task Append()
    {
        for (var run = 0; run < Appends; run++) await _store.AppendAsync(FleetStore.Run(_next++), CancellationToken.None);
    }

    /// <summary>The engine is opened and closed by every query; what the process keeps is compiled code.</summary>
    [Benchmark]
    public Task<QueryResult> ScoresOfAProtocol() => ResultQuery.RunAsync([_folder], Scores, null, CancellationToken.None);

    [Benchmark]
    public Task<QueryResult> WholeLeaderboard() => ResultQuery.RunAsync([_folder], Leaderboard, null, CancellationToken.None);

    /// <summary>As a user waits for it: the program starts, compiles itself, opens the engine and prints.</summary>
    [Benchmark]
    public int ProgramThatAsks() => Start("query", Scores, "--results", _folder.FullName);

    /// <summary>What starting the program costs before it does anything.</summary>
    [Benchmark]
    public int ProgramThatDoesNothing() => Start("--version");

    [Benchmark]
    public async Task<int> RunsOfASessionByIndex() =>
        await _store.ReadAsync(new(Session: "nightly-7"), CancellationToken.None).CountAsync();

    static int Start(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(HarnessProgram.Path, arguments)
        { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? 0 : throw new InvalidOperationException($"harness {arguments[0]} ended with {process.ExitCode}");
    }
}
