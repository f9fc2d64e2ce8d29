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
            using var store = Open(workspace, folder);
            await foreach (var run in store.ReadAsync(filter, cancellation)) runs.Add(run);
        }
        return [.. runs.DistinctBy(run => run.RunId).OrderBy(run => run.Started).ThenBy(run => run.RunId, StringComparer.Ordinal)];
    }

    /// <summary>The newest runs, oldest of them first, without opening the others.</summary>
    public static async Task<List<RunRecord>> NewestAsync(Workspace workspace, int count, CancellationToken cancellation)
    {
        var runs = new List<RunRecord>();
        foreach (var folder in Existing(workspace))
        {
            using var store = Open(workspace, folder);
            foreach (var id in (await store.RunIdsAsync(cancellation)).TakeLast(count))
                await foreach (var run in store.ReadAsync(new(RunId: id), cancellation)) runs.Add(run);
        }
        return [.. runs.DistinctBy(run => run.RunId).OrderBy(run => run.Started).ThenBy(run => run.RunId, StringComparer.Ordinal)
            .TakeLast(count)];
    }

    /// <summary>The one run that a word names: a run id, the end of one, or <c>latest</c>.</summary>
    public static async Task<RunRecord> FindAsync(Workspace workspace, string word, bool detail, CancellationToken cancellation)
    {
        if (await NewestAsync(workspace, 1, cancellation) is not [var newest])
            throw new HarnessException($"No runs in {Names(workspace)}: make some with `harness run --plan demo`.");
        var id = word == "latest" ? newest.RunId : await IdAsync(workspace, word, newest, cancellation);
        return await ReadAllAsync(workspace, new ResultFilter(RunId: id, Detail: detail), cancellation) is [var run] ? run
            : throw new HarnessException($"Run {id} cannot be read; `harness verify` says what is wrong with it.");
    }

    /// <summary>The runs of the first results folder that the words name.</summary>
    public static async Task<IReadOnlyList<string>> IdsAsync(Workspace workspace, IEnumerable<string> words, CancellationToken cancellation)
    {
        var ids = new List<string>();
        foreach (var word in words) ids.Add((await FindAsync(workspace, word, detail: false, cancellation)).RunId);
        return ids;
    }

    /// <summary>Every stored finding of a kind.</summary>
    public static async Task<IReadOnlyList<T>> FindingsAsync<T>(Workspace workspace, CancellationToken cancellation) where T : Finding
    {
        var found = new List<T>();
        foreach (var folder in Existing(workspace))
        {
            using var store = ResultStore.OpenForReading(folder);
            await foreach (var finding in store.ReadFindingsAsync(cancellation)) if (finding is T wanted) found.Add(wanted);
        }
        return [.. found.DistinctBy(finding => finding.Id)];
    }

    /// <summary>The run with its samples and timings.</summary>
    public static async ValueTask<RunRecord> ReadWholeAsync(Workspace workspace, RunRecord brief, CancellationToken cancellation)
    {
        foreach (var folder in Existing(workspace))
        {
            using var store = ResultStore.OpenForReading(folder);
            await foreach (var run in store.ReadAsync(new(RunId: brief.RunId, Detail: true), cancellation)) return run;
        }
        throw new HarnessException($"Run {brief.RunId} is gone since it was listed: publish again.");
    }

    public static Task<ResultStore> OpenForWritingAsync(Workspace workspace, CancellationToken cancellation) =>
        ResultStore.OpenForWritingAsync(workspace.Results[0], TimeProvider.System, cancellation,
            problem => workspace.Terminal.Say($"note: {problem}"), SigningKeys.OpenOrNull(workspace.Terminal));

    public static IReadOnlyList<DirectoryInfo> Existing(Workspace workspace) =>
        [.. workspace.Results.Where(folder => File.Exists(Path.Combine(folder.FullName, "SCHEMA")))];

    static ResultStore Open(Workspace workspace, DirectoryInfo folder) =>
        ResultStore.OpenForReading(folder, problem => workspace.Terminal.Say($"damaged, left out: {problem}"));

    static async Task<string> IdAsync(Workspace workspace, string word, RunRecord newest, CancellationToken cancellation)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var folder in Existing(workspace))
        {
            using var store = Open(workspace, folder);
            found.UnionWith((await store.RunIdsAsync(cancellation)).Where(id => id.Equals(word, StringComparison.OrdinalIgnoreCase)
                || (word.Length >= 4 && id.EndsWith(word, StringComparison.OrdinalIgnoreCase))));
        }
        return found.Count switch
        {
            1 => found.Single(),
            0 => throw new HarnessException(
                $"No run '{word}' in {Names(workspace)}; `harness show` lists the newest. The last one is {newest.RunId}."),
            _ => throw new HarnessException($"'{word}' names {found.Count} runs: {string.Join(", ", found.Order())}."),
        };
    }

    static string Names(Workspace workspace) => string.Join(" and ", workspace.Results.Select(folder => folder.FullName));
}
