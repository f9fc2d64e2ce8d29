using System.Runtime.CompilerServices;
using Harness.Results.Indexing;
using Harness.Results.Signing;
using Harness.Results.Storage;
using Harness.Results.Verifying;

namespace Harness.Results;

/// <summary>
/// The results of all runs in a folder, one sub-folder per run: canonical run.json, samples.parquet, timings.parquet and the
/// list of their hashes. A run is stored whole or not at all, is never changed again, and is linked into <c>chain.log</c>.
/// Any number of readers, one writer. An index beside the runs answers filters and queries; it is derived and may be deleted.
/// </summary>
public sealed class ResultStore : IResultStore, IDisposable
{
    static readonly Dictionary<string, byte[]> Nothing = [];
    readonly string _folder;
    readonly Action<ResultProblem>? _problems;
    readonly IndexReader _reader;
    readonly Writing? _writing;
    readonly SemaphoreSlim _turn = new(1, 1);

    ResultStore(string folder, Action<ResultProblem>? problems, Writing? writing) =>
        (_folder, _problems, _reader, _writing) = (folder, problems, new(folder), writing);

    public DirectoryInfo Folder => new(_folder);

    /// <summary>Called after each durable step of <see cref="AppendAsync(RunRecord, CancellationToken)"/>; tests stop here.</summary>
    internal Action<string>? Reached
    {
        set
        {
            _writing!.Runs.Reached = value;
            _writing.Index.Reached = value;
        }
    }

    /// <summary>Opens a store for reading; no lock is needed.</summary>
    /// <param name="problems">Takes each damaged run, which is then left out; without it a damaged run ends the reading.</param>
    /// <exception cref="HarnessException">The folder is no result store or has a newer layout.</exception>
    public static ResultStore OpenForReading(DirectoryInfo folder, Action<ResultProblem>? problems = null)
    {
        StoreFolder.CheckSchema(folder.FullName);
        return new(folder.FullName, problems, null);
    }

    /// <summary>Reads one run from its folder, wherever that lies: every file is compared with the list of hashes.</summary>
    /// <exception cref="ResultDamagedException">A file is missing, changed or unreadable.</exception>
    public static Task<RunRecord> ReadRunAsync(DirectoryInfo folder, CancellationToken cancellation) =>
        new RunFolder(folder.Parent!.FullName, folder.Name).ReadAsync(detail: true, cancellation);

    /// <summary>Opens or creates a store as its only writer, finishes or undoes what a crash cut short, and completes chain and
    /// index.</summary>
    /// <param name="problems">As for reading; also told of a finished run that a crash had kept out of the chain.</param>
    /// <param name="key">Signs every run and every line of the chain.</param>
    /// <exception cref="ResultsLockedException">Another process writes into it.</exception>
    public static async Task<ResultStore> OpenForWritingAsync(DirectoryInfo folder, TimeProvider time, CancellationToken cancellation,
        Action<ResultProblem>? problems = null, SigningKey? key = null)
    {
        var path = folder.FullName;
        Durable.CreateFolder(path);
        var held = WriterLock.Take(path, time);
        try
        {
            await StoreFolder.PrepareAsync(path, cancellation);
            var chain = await Chain.OpenAsync(path, key, cancellation);
            Recovery.SettleRemovals(path, chain);
            Recovery.SweepIncoming(path);
            await Recovery.CompleteChainAsync(path, chain, time, problems, cancellation);
            var index = await IndexWriter.OpenAsync(path, chain, problems, cancellation);
            return new(path, problems, new(held, chain, new(path, chain, time), index, key, time));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ResultNotStoredException">The disk is full or cannot be written; nothing was recorded.</exception>
    public ValueTask AppendAsync(RunRecord run, CancellationToken cancellation) => AppendAsync(run, Nothing, cancellation);

    /// <summary>As <see cref="AppendAsync(RunRecord, CancellationToken)"/>, with files that are stored, hashed and signed with the
    /// run.</summary>
    public async ValueTask AppendAsync(RunRecord run, IReadOnlyDictionary<string, byte[]> attachments, CancellationToken cancellation)
    {
        var writing = Writer();
        var files = await RunFiles.FromAsync(run, attachments, writing.Key, cancellation);
        await InTurnAsync(async () =>
        {
            if (writing.Chain.StoredOrNull(run.RunId) is { } stored)
                throw new HarnessException($"Run {run.RunId} is stored already in '{_folder}', as {stored.Folder}; "
                    + "a run is never overwritten, and one that was removed does not come back.");
            await writing.Runs.WriteAsync(run, files, cancellation);
            var entry = writing.Chain.Lines[^1].Entry;
            await writing.Index.AddAsync(rows => RunRows.Add(rows, run, entry), CancellationToken.None);
        }, cancellation);
    }

    /// <summary>Stores a finding; one that is stored already is not stored again.</summary>
    public async ValueTask AppendAsync(Finding finding, CancellationToken cancellation)
    {
        var writing = Writer();
        await InTurnAsync(async () =>
        {
            if (writing.Chain.Knows(FindingFile.Name(finding))) return;
            await writing.Runs.WriteAsync(finding, cancellation);
            await writing.Index.AddAsync(rows => FindingRows.Add(rows, finding), CancellationToken.None);
        }, cancellation);
    }

    /// <summary>Streams the runs that pass the filter, by start time, then run id.</summary>
    public async IAsyncEnumerable<RunRecord> ReadAsync(ResultFilter filter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var second in Selection.BySecond(await FoldersAsync(filter, cancellation)))
        {
            var runs = new List<RunRecord>();
            foreach (var folder in second)
                if (await ReadOrReportAsync(new(_folder, folder), filter, cancellation) is { } run) runs.Add(run);
            foreach (var run in runs.OrderBy(run => run.Started).ThenBy(run => run.RunId, StringComparer.Ordinal)) yield return run;
        }
    }

    /// <summary>The ids of all runs, by start time, then id; with an index no run is opened.</summary>
    public async Task<IReadOnlyList<string>> RunIdsAsync(CancellationToken cancellation) =>
        await _reader.IdsOrNullAsync(cancellation)
        ?? await ReadAsync(new(), cancellation).Select(run => run.RunId).ToListAsync(cancellation);

    /// <summary>Streams the findings in the order they were stored.</summary>
    /// <exception cref="ResultDamagedException">One is not what was stored.</exception>
    public IAsyncEnumerable<Finding> ReadFindingsAsync(CancellationToken cancellation) =>
        ReadFindingsAsync(DateTimeOffset.MinValue, cancellation);

    /// <summary>As <see cref="ReadFindingsAsync(CancellationToken)"/>, without opening what was stored before a time.</summary>
    public async IAsyncEnumerable<Finding> ReadFindingsAsync(DateTimeOffset since,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var (_, entry) in Chain.Read(_folder))
            if (entry is not null && FindingFile.IsKind(entry.Kind) && entry.Time >= since)
                yield return await FindingFile.ReadAsync(_folder, entry, cancellation);
    }

    /// <summary>A file that was stored with a run; null when the run has none of that name.</summary>
    /// <exception cref="ResultDamagedException">The file is not what was written.</exception>
    public async Task<byte[]?> AttachmentOrNullAsync(string runId, string name, CancellationToken cancellation)
    {
        foreach (var folder in await FoldersAsync(new(RunId: runId), cancellation))
        {
            var run = new RunFolder(_folder, folder);
            if ((await run.ReadAsync(detail: false, cancellation)).RunId != runId) continue;
            var listed = run.Listed();
            return listed.ContainsKey(name) ? await run.BytesAsync(name, listed, cancellation) : null;
        }
        return null;
    }

    /// <summary>Checks every file of every run and the chain; an empty list means that nothing was changed, lost or inserted.</summary>
    public async Task<IReadOnlyList<ResultProblem>> VerifyAsync(CancellationToken cancellation) =>
        (await VerifyAsync(Trust.None, cancellation)).Problems;

    /// <summary>As <see cref="VerifyAsync(CancellationToken)"/>, and whether the signatures are those of trusted keys.</summary>
    public Task<VerificationReport> VerifyAsync(Trust trust, CancellationToken cancellation) =>
        new Verification(_folder, trust).RunAsync(cancellation);

    /// <summary>The folders of runs that were stored here and not removed since.</summary>
    /// <param name="lost">Whether they may be lost.</param>
    /// <exception cref="HarnessException">A run was never stored here, was removed, or is lost.</exception>
    public async Task<IReadOnlyList<string>> StoredAsync(IReadOnlyList<string> runIds, bool lost, CancellationToken cancellation)
    {
        var chain = await Chain.ReadAsync(_folder, cancellation);
        return [.. (lost ? chain.Stored(runIds) : chain.Present(runIds)).Select(entry => entry.Folder)];
    }

    /// <summary>
    /// Deletes whole runs, and gives up those whose folder was lost otherwise. The chain keeps a line for each, so that they are not
    /// missed later.
    /// </summary>
    /// <param name="archive">A new .tar.gz file that takes the runs first.</param>
    /// <returns>The folders that were deleted or given up.</returns>
    /// <exception cref="HarnessException">A run was never stored here, was removed before, or is lost and should be archived.</exception>
    public async Task<IReadOnlyList<string>> RemoveAsync(IReadOnlyList<string> runIds, string reason, FileInfo? archive,
        CancellationToken cancellation)
    {
        var writing = Writer();
        var entries = archive is null ? writing.Chain.Stored(runIds) : writing.Chain.Present(runIds);
        await InTurnAsync(async () =>
        {
            var packed = archive is null ? null : await Archive.PackAsync(_folder, entries, archive, cancellation);
            foreach (var entry in entries) Removal.Remove(_folder, writing.Chain, entry, new(reason, packed, writing.Time.GetUtcNow()));
            if (entries.Count > 0) await writing.Index.AddAsync(_ => { }, CancellationToken.None);
        }, cancellation);
        return [.. entries.Select(entry => entry.Folder)];
    }

    /// <summary>Deletes the predictions and timings of runs; what run.json says of them, and every score, stays.</summary>
    /// <inheritdoc cref="RemoveAsync"/>
    public async Task<IReadOnlyList<string>> ThinAsync(IReadOnlyList<string> runIds, string reason, FileInfo? archive,
        CancellationToken cancellation)
    {
        var writing = Writer();
        var entries = writing.Chain.Present(runIds);
        var thinned = new List<string>();
        await InTurnAsync(async () =>
        {
            var packed = archive is null ? null : await Archive.PackAsync(_folder, entries, archive, cancellation);
            foreach (var entry in entries)
            {
                var reasons = new Reasons(reason, packed, writing.Time.GetUtcNow());
                if (!await Removal.ThinAsync(_folder, writing.Chain, entry, reasons, cancellation)) continue;
                thinned.Add(entry.Folder);
                await writing.Index.AddAsync(_ => { }, CancellationToken.None);
            }
        }, cancellation);
        return thinned;
    }

    /// <summary>Brings the index into one segment; see <see cref="RebuildIndexAsync"/>.</summary>
    public Task CompactIndexAsync(CancellationToken cancellation) =>
        InTurnAsync(() => Writer().Index.CompactAsync(cancellation), cancellation);

    /// <summary>Makes the index again from the run folders. Compacting an index that was kept up to date gives the same bytes.</summary>
    public Task RebuildIndexAsync(CancellationToken cancellation) =>
        InTurnAsync(() => Writer().Index.RebuildAsync(cancellation), cancellation);

    public void Dispose()
    {
        _writing?.Held.Dispose();
        _turn.Dispose();
    }

    Writing Writer() =>
        _writing ?? throw new InvalidOperationException("This store is open for reading; open it with OpenForWritingAsync.");

    async Task InTurnAsync(Func<Task> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try { await work(); }
        finally { _turn.Release(); }
    }

    async Task<IEnumerable<string>> FoldersAsync(ResultFilter filter, CancellationToken cancellation)
    {
        if (filter with { Detail = false } == new ResultFilter()) return StoreFolder.RunFolders(_folder);
        if (await _reader.FoldersOrNullAsync(filter, cancellation) is { } known)
            return known.Where(folder => Directory.Exists(Path.Combine(_folder, folder)));
        var folders = StoreFolder.RunFolders(_folder);
        return filter.RunId is not { Length: >= 6 } id ? folders
            : folders.Where(folder => folder.EndsWith("_" + RunName.Suffix(id), StringComparison.Ordinal));
    }

    async Task<RunRecord?> ReadOrReportAsync(RunFolder folder, ResultFilter filter, CancellationToken cancellation)
    {
        try
        {
            var run = await folder.ReadAsync(detail: false, cancellation);
            if (!Selection.Passes(run, filter)) return null;
            return filter.Detail ? await folder.ReadAsync(detail: true, cancellation) : run;
        }
        catch (ResultDamagedException damage) when (_problems is not null)
        {
            _problems(damage.Problem);
            return null;
        }
    }

    /// <summary>What only the writer of a store has.</summary>
    sealed record Writing(WriterLock Held, Chain Chain, RunWriter Runs, IndexWriter Index, SigningKey? Key, TimeProvider Time);
}
