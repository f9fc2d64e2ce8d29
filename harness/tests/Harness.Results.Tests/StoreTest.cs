using Harness.Results.Signing;

namespace Harness.Results.Tests;

/// <summary>A fresh store folder per test, and the ways tests open it.</summary>
public abstract class StoreTest : IDisposable
{
    readonly TemporaryFolder _folder = new();

    private protected DirectoryInfo Folder => _folder.Folder;
    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected string PathOf(params string[] parts) => _folder.Path(parts);

    private protected Task<ResultStore> OpenAsync(Action<ResultProblem>? problems = null, SigningKey? key = null) =>
        ResultStore.OpenForWritingAsync(Folder, TimeProvider.System, Cancellation, problems, key);

    private protected Task AppendAsync(params RunRecord[] runs) => AppendAsync(null, runs);

    private protected async Task AppendAsync(SigningKey? key, params RunRecord[] runs)
    {
        using var store = await OpenAsync(key: key);
        foreach (var run in runs) await store.AppendAsync(run, Cancellation);
    }

    private protected async Task<List<RunRecord>> ReadAsync(ResultFilter? filter = null, Action<ResultProblem>? problems = null)
    {
        using var store = ResultStore.OpenForReading(Folder, problems);
        return await store.ReadAsync(filter ?? new(Detail: true), Cancellation).ToListAsync(Cancellation);
    }

    private protected async Task<IReadOnlyList<ResultProblem>> VerifyAsync()
    {
        using var store = ResultStore.OpenForReading(Folder);
        return await store.VerifyAsync(Cancellation);
    }

    private protected async Task<IReadOnlyList<ResultProblem>> VerifyAsync(Trust trust)
    {
        using var store = ResultStore.OpenForReading(Folder);
        return (await store.VerifyAsync(trust, Cancellation)).Problems;
    }

    /// <summary>The folder of the example of this number.</summary>
    private protected string RunOf(int number) =>
        Directory.GetDirectories(PathOf("runs"), $"*_{number:D6}", SearchOption.AllDirectories).Single();

    /// <summary>The only run folder of the store.</summary>
    private protected string OnlyRun() =>
        Directory.GetFiles(PathOf("runs"), "run.json", SearchOption.AllDirectories).Single()[..^"/run.json".Length];

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
