using Harness.Results;

namespace Harness.Cli;

/// <summary>Reads one or several result folders as one.</summary>
static class Stores
{
    public static async Task<List<RunRecord>> ReadAllAsync(Workspace workspace, ResultFilter filter, CancellationToken cancellation)
    {
        var runs = new List<RunRecord>();
        foreach (var folder in Existing(workspace))
        {
            using var store = ResultStore.OpenForReading(folder, problem => workspace.Terminal.Say($"damaged, left out: {problem}"));
            await foreach (var run in store.ReadAsync(filter, cancellation)) runs.Add(run);
        }
        return [.. runs.DistinctBy(run => run.RunId).OrderBy(run => run.Started).ThenBy(run => run.RunId, StringComparer.Ordinal)];
    }

    /// <summary>The one run that a word names: a run id, the end of one, or <c>latest</c>.</summary>
    public static async Task<RunRecord> FindAsync(Workspace workspace, string word, bool detail, CancellationToken cancellation)
    {
        var runs = await ReadAllAsync(workspace, new ResultFilter(), cancellation);
        if (runs.Count == 0) throw new HarnessException($"No runs in {Names(workspace)}: make some with `harness run --plan demo`.");
        List<RunRecord> found = word == "latest" ? [runs[^1]] :
            [.. runs.Where(run => run.RunId.Equals(word, StringComparison.OrdinalIgnoreCase)
                || (word.Length >= 4 && run.RunId.EndsWith(word, StringComparison.OrdinalIgnoreCase)))];
        if (found.Count == 0)
            throw new HarnessException(
                $"No run '{word}' in {Names(workspace)}; `harness show` lists the newest. The last one is {runs[^1].RunId}.");
        if (found.Count > 1) throw new HarnessException(
            $"'{word}' names {found.Count} runs: {string.Join(", ", found.Select(run => run.RunId))}.");
        if (!detail) return found[0];
        return (await ReadAllAsync(workspace, new ResultFilter(RunId: found[0].RunId, Detail: true), cancellation))[0];
    }

    public static Task<ResultStore> OpenForWritingAsync(Workspace workspace, CancellationToken cancellation) =>
        ResultStore.OpenForWritingAsync(workspace.Results[0], TimeProvider.System, cancellation,
            problem => workspace.Terminal.Say($"damaged, left out: {problem}"));

    public static IReadOnlyList<DirectoryInfo> Existing(Workspace workspace) =>
        [.. workspace.Results.Where(folder => File.Exists(Path.Combine(folder.FullName, "SCHEMA")))];

    static string Names(Workspace workspace) => string.Join(" and ", workspace.Results.Select(folder => folder.FullName));
}
