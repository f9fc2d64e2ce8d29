namespace Harness.Results.Storage;

/// <summary>Brings a run, or a finding, into its place and into the chain: whole or not at all, and durable.</summary>
sealed class RunWriter(string store, Chain chain, TimeProvider time)
{
    /// <summary>Called after each durable step; tests stop the process here.</summary>
    public Action<string>? Reached { get; set; }

    /// <exception cref="ResultNotStoredException">The disk is full or cannot be written; nothing was recorded.</exception>
    public async Task WriteAsync(RunRecord run, RunFiles files, CancellationToken cancellation)
    {
        var folder = RunName.Folder(run);
        var draft = Path.Combine(store, StoreFolder.Incoming, folder[(folder.LastIndexOf('/') + 1)..]);
        var final = Path.Combine(store, folder);
        if (StoreFolder.Free(store) < files.Bytes) throw StoreFolder.DiskFull(store, run.RunId, files.Bytes, null);
        try
        {
            await WriteDraftAsync(draft, files, cancellation);
            Durable.CreateFolder(Path.GetDirectoryName(final)!);
            Reached?.Invoke("day folder");
            Directory.Move(draft, final);
            Reached?.Invoke("renamed");
            Durable.SyncFolder(Path.GetDirectoryName(final)!);
            Reached?.Invoke("rename synced");
            chain.Append(new(Chain.Start, run.RunId, files.RunHash, files.ArtifactsHash, folder, time.GetUtcNow()));
            Reached?.Invoke("chained");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            Withdraw(draft, final);
            if (error is IOException io && StoreFolder.IsDiskFull(io)) throw StoreFolder.DiskFull(store, run.RunId, files.Bytes, error);
            if (error is OperationCanceledException) throw;
            throw new ResultNotStoredException(
                $"Run {run.RunId} could not be written to '{store}': {error.Message} Nothing of it was recorded.", error);
        }
    }

    public async Task WriteAsync(Finding finding, CancellationToken cancellation)
    {
        var final = Path.Combine(store, FindingFile.Name(finding));
        var draft = Path.Combine(store, StoreFolder.Incoming, Path.GetFileName(final));
        Durable.CreateFolder(Path.GetDirectoryName(final)!);
        File.Delete(draft);
        await Durable.CreateAsync(draft, FindingFile.Content(finding), cancellation);
        File.Move(draft, final);
        Durable.SyncFolder(Path.GetDirectoryName(final)!);
        chain.Append(FindingFile.Entry(finding, time.GetUtcNow()));
    }

    async Task WriteDraftAsync(string draft, RunFiles files, CancellationToken cancellation)
    {
        Durable.CreateFolder(Path.GetDirectoryName(draft)!);
        Directory.CreateDirectory(draft);
        Reached?.Invoke("draft folder");
        foreach (var (name, content) in files.Content)
        {
            await File.WriteAllBytesAsync(Path.Combine(draft, name), content, cancellation);
            Reached?.Invoke(name);
        }
        Durable.SyncAll([.. files.Content.Keys.Select(name => Path.Combine(draft, name)), draft]);
        Reached?.Invoke("draft synced");
    }

    static void Withdraw(string draft, string final)
    {
        if (Directory.Exists(draft)) Directory.Delete(draft, recursive: true);
        // The folder did not exist before this append: its name ends in the run id, which was checked to be new.
        else if (Directory.Exists(final)) Directory.Delete(final, recursive: true);
    }
}
