namespace Harness.Results.Storage;

/// <summary>Brings a store back to a whole state after its writer was stopped at any moment.</summary>
static class Recovery
{
    /// <summary>Removes drafts: whatever is not renamed into its place was never recorded.</summary>
    public static void SweepIncoming(string store)
    {
        var incoming = new DirectoryInfo(Path.Combine(store, StoreFolder.Incoming));
        foreach (var draft in incoming.EnumerateDirectories()) draft.Delete(recursive: true);
        foreach (var draft in incoming.EnumerateFiles("*.json").Where(file => file.Name != WriterLock.OwnerFile)) draft.Delete();
    }

    /// <summary>Links into the chain what was renamed into place but not linked yet, after checking every byte of it.</summary>
    /// <exception cref="ResultDamagedException">Such a run is damaged and there is no <paramref name="problems"/> to tell.</exception>
    public static async Task CompleteChainAsync(string store, Chain chain, TimeProvider time, Action<ResultProblem>? problems,
        CancellationToken cancellation)
    {
        foreach (var folder in StoreFolder.RunFolders(store).Where(folder => !chain.Knows(folder)))
        {
            try
            {
                chain.Append(await EntryAsync(new(store, folder), time, cancellation));
                problems?.Invoke(new(folder, Chain.FileName, "the run was whole but a crash had kept it out of the chain; it was added."));
            }
            catch (ResultDamagedException damage) when (problems is not null)
            {
                problems(damage.Problem);
            }
        }
        foreach (var file in FindingFile.All(store).Where(file => !chain.Knows(file)))
        {
            var content = await File.ReadAllBytesAsync(Path.Combine(store, file), cancellation);
            if (FindingFile.ParseOrNull(content) is { } finding && FindingFile.Name(finding) == file)
                chain.Append(FindingFile.Entry(finding, time.GetUtcNow()));
            else problems?.Invoke(new(".", file, "the file is no finding of this store; it is left out."));
        }
    }

    /// <summary>Runs whose removal was cut short: gone if the chain says so, else put back.</summary>
    public static void SettleRemovals(string store, Chain chain)
    {
        foreach (var doomed in Directory.EnumerateDirectories(Path.Combine(store, StoreFolder.Incoming), Removal.Doomed + "*"))
        {
            var folder = RunName.FolderOf(Path.GetFileName(doomed)[Removal.Doomed.Length..]);
            if (chain.Lines.Any(line => line.Entry.Kind == ChainEntry.Removed && line.Entry.Folder == folder)) continue;
            Durable.CreateFolder(Path.GetDirectoryName(Path.Combine(store, folder))!);
            Directory.Move(doomed, Path.Combine(store, folder));
            Durable.SyncFolder(Path.GetDirectoryName(Path.Combine(store, folder))!);
        }
    }

    static async Task<ChainEntry> EntryAsync(RunFolder folder, TimeProvider time, CancellationToken cancellation)
    {
        var listed = folder.Listed();
        foreach (var name in listed.Keys) await folder.BytesAsync(name, listed, cancellation);
        var run = await folder.ReadAsync(detail: true, cancellation);
        return new(Chain.Start, run.RunId, listed[RunFiles.Envelope], await folder.ArtifactsHashAsync(cancellation), folder.Name,
            time.GetUtcNow());
    }
}
