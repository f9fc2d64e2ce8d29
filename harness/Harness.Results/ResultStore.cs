using System.Runtime.CompilerServices;
using Harness.Results.Storage;

namespace Harness.Results;

/// <summary>
/// The results of all runs in a folder, one sub-folder per run: canonical run.json, samples.parquet, timings.parquet and the
/// list of their hashes. A run is stored whole or not at all, is never changed again, and is linked into <c>chain.log</c>.
/// Any number of readers, one writer.
/// </summary>
public sealed class ResultStore : IResultStore, IDisposable
{
    readonly string _folder;
    readonly TimeProvider _time;
    readonly Action<ResultProblem>? _problems;
    readonly IRunSeal? _seal;
    readonly WriterLock? _lock;
    readonly Chain? _chain;
    readonly SemaphoreSlim _turn = new(1, 1);

    ResultStore(string folder, TimeProvider time, Action<ResultProblem>? problems, IRunSeal? seal, WriterLock? held, Chain? chain) =>
        (_folder, _time, _problems, _seal, _lock, _chain) = (folder, time, problems, seal, held, chain);

    public DirectoryInfo Folder => new(_folder);

    /// <summary>Called after each durable step of <see cref="AppendAsync"/>; tests stop the process here.</summary>
    internal Action<string>? Reached { get; set; }

    /// <summary>Opens a store for reading; no lock is needed.</summary>
    /// <param name="problems">Takes each damaged run, which is then left out; without it a damaged run ends the reading with an
    /// error.</param>
    /// <exception cref="HarnessException">The folder is no result store or has a newer layout.</exception>
    public static ResultStore OpenForReading(DirectoryInfo folder, Action<ResultProblem>? problems = null)
    {
        StoreFolder.CheckSchema(folder.FullName);
        return new(folder.FullName, TimeProvider.System, problems, null, null, null);
    }

    /// <summary>Opens or creates a store as its only writer, removes what a crash left unfinished and completes the chain.</summary>
    /// <param name="problems">As for reading; also told of a finished run that a crash had kept out of the chain.</param>
    /// <exception cref="ResultsLockedException">Another process writes into it.</exception>
    public static async Task<ResultStore> OpenForWritingAsync(DirectoryInfo folder, TimeProvider time, CancellationToken cancellation,
        Action<ResultProblem>? problems = null, IRunSeal? seal = null)
    {
        var path = folder.FullName;
        Durable.CreateFolder(path);
        var held = WriterLock.Take(path, time);
        try
        {
            await StoreFolder.PrepareAsync(path, cancellation);
            var chain = await Chain.OpenAsync(path, cancellation);
            Recovery.SweepIncoming(path);
            await Recovery.CompleteChainAsync(path, chain, time, problems, cancellation);
            return new(path, time, problems, seal, held, chain);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ResultNotStoredException">The disk is full or cannot be written; nothing was recorded.</exception>
    public async ValueTask AppendAsync(RunRecord run, CancellationToken cancellation)
    {
        if (_chain is null) throw new InvalidOperationException("This store is open for reading; open it with OpenForWritingAsync.");
        var files = await RunFiles.FromAsync(run, _seal, cancellation);
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_chain.RunIds.Contains(run.RunId)) throw new HarnessException(
                $"Run {run.RunId} is stored already in '{_folder}'; a run is never overwritten.");
            await StoreAsync(run, files, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Streams the runs that pass the filter, by start time, then run id.</summary>
    public async IAsyncEnumerable<RunRecord> ReadAsync(ResultFilter filter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var folders = StoreFolder.RunFolders(_folder);
        if (filter.RunId is { Length: >= 6 } id) folders = folders.Where(folder =>
            folder.EndsWith("_" + RunName.Suffix(id), StringComparison.Ordinal));
        foreach (var second in Selection.BySecond(folders))
        {
            var runs = new List<RunRecord>();
            foreach (var folder in second)
                if (await ReadOrReportAsync(folder, filter, cancellation) is { } run) runs.Add(run);
            foreach (var run in runs.OrderBy(run => run.Started).ThenBy(run => run.RunId, StringComparer.Ordinal)) yield return run;
        }
    }

    /// <summary>Checks every file of every run and the chain; an empty list means that nothing was changed, lost or inserted.</summary>
    public Task<IReadOnlyList<ResultProblem>> VerifyAsync(CancellationToken cancellation) => Verification.RunAsync(_folder, cancellation);

    public void Dispose()
    {
        _lock?.Dispose();
        _turn.Dispose();
    }

    async Task StoreAsync(RunRecord run, RunFiles files, CancellationToken cancellation)
    {
        var folder = RunName.Folder(run);
        var draft = Path.Combine(_folder, StoreFolder.Incoming, folder[(folder.LastIndexOf('/') + 1)..]);
        var final = Path.Combine(_folder, folder);
        if (StoreFolder.Free(_folder) < files.Bytes) throw StoreFolder.DiskFull(_folder, run.RunId, files.Bytes, null);
        try
        {
            await WriteDraftAsync(draft, files, cancellation);
            Durable.CreateFolder(Path.GetDirectoryName(final)!);
            Reached?.Invoke("day folder");
            Directory.Move(draft, final);
            Reached?.Invoke("renamed");
            Durable.SyncFolder(Path.GetDirectoryName(final)!);
            Reached?.Invoke("rename synced");
            _chain!.Append(run.RunId, files.RunHash, files.ArtifactsHash, folder, _time.GetUtcNow());
            Reached?.Invoke("chained");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            Withdraw(draft, final);
            if (error is IOException io && StoreFolder.IsDiskFull(io)) throw StoreFolder.DiskFull(_folder, run.RunId, files.Bytes, error);
            if (error is OperationCanceledException) throw;
            throw new ResultNotStoredException(
                $"Run {run.RunId} could not be written to '{_folder}': {error.Message} Nothing of it was recorded.", error);
        }
    }

    async Task WriteDraftAsync(string draft, RunFiles files, CancellationToken cancellation)
    {
        Durable.CreateFolder(Path.GetDirectoryName(draft)!);
        Directory.CreateDirectory(draft);
        Reached?.Invoke("draft folder");
        foreach (var (name, content) in files.Content)
        {
            await Durable.CreateAsync(Path.Combine(draft, name), content, cancellation);
            Reached?.Invoke(name);
        }
        Durable.SyncFolder(draft);
        Reached?.Invoke("draft synced");
    }

    static void Withdraw(string draft, string final)
    {
        if (Directory.Exists(draft)) Directory.Delete(draft, recursive: true);
        // The folder did not exist before this append: its name ends in the run id, which was checked to be new.
        else if (Directory.Exists(final)) Directory.Delete(final, recursive: true);
    }

    async Task<RunRecord?> ReadOrReportAsync(string folder, ResultFilter filter, CancellationToken cancellation)
    {
        try
        {
            var run = await RunFiles.ReadAsync(_folder, folder, detail: false, cancellation);
            if (!Selection.Passes(run, filter)) return null;
            return filter.Detail ? await RunFiles.ReadAsync(_folder, folder, detail: true, cancellation) : run;
        }
        catch (ResultDamagedException damage) when (_problems is not null)
        {
            _problems(damage.Problem);
            return null;
        }
    }
}
