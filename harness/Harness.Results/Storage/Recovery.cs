namespace Harness.Results.Storage;

/// <summary>Brings a store back to a whole state after its writer was stopped at any moment.</summary>
static class Recovery
{
    /// <summary>Removes drafts: whatever is not renamed into <c>runs</c> was never recorded.</summary>
    public static void SweepIncoming(string store)
    {
        foreach (var draft in Directory.EnumerateDirectories(Path.Combine(store, StoreFolder.Incoming))) Directory.Delete(draft,
            recursive: true);
    }

    /// <summary>Links runs into the chain that were renamed into place but not linked yet, after checking every byte of them.</summary>
    /// <exception cref="ResultDamagedException">Such a run is damaged and there is no <paramref name="problems"/> to tell.</exception>
    public static async Task CompleteChainAsync(string store, Chain chain, TimeProvider time, Action<ResultProblem>? problems,
        CancellationToken cancellation)
    {
        foreach (var folder in StoreFolder.RunFolders(store).Where(folder => !chain.Folders.Contains(folder)))
        {
            try
            {
                var listed = RunFiles.Listed(store, folder);
                foreach (var name in listed.Keys) await RunFiles.BytesAsync(store, folder, name, listed, cancellation);
                var run = await RunFiles.ReadAsync(store, folder, detail: true, cancellation);
                var artifacts = RunFiles.Hash(await File.ReadAllBytesAsync(Path.Combine(store, folder, RunFiles.Artifacts), cancellation));
                chain.Append(run.RunId, listed[RunFiles.Envelope], artifacts, folder, time.GetUtcNow());
                problems?.Invoke(new(folder, Chain.FileName, "the run was whole but a crash had kept it out of the chain; it was added."));
            }
            catch (ResultDamagedException damage) when (problems is not null)
            {
                problems(damage.Problem);
            }
        }
    }
}
