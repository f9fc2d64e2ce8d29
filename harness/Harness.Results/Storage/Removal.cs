using System.Text;

namespace Harness.Results.Storage;

/// <summary>Deletes runs, or their large files, on purpose. The chain keeps a line that says what is gone, when and why.</summary>
static class Removal
{
    /// <summary>Beginning of the name of a run folder that is about to be deleted.</summary>
    public const string Doomed = "removed-";

    /// <summary>
    /// Deletes the whole run. Its folder leaves <c>runs</c> first: a crash before the line is durable puts it back, one after it
    /// finishes the deletion.
    /// </summary>
    public static void Remove(string store, Chain chain, ChainEntry stored, Reasons reasons)
    {
        var folder = Path.Combine(store, stored.Folder);
        var doomed = Path.Combine(store, StoreFolder.Incoming, Doomed + Path.GetFileName(folder));
        if (Directory.Exists(folder)) Directory.Move(folder, doomed);
        chain.Append(stored with { Kind = ChainEntry.Removed, Reason = reasons.Reason, Archive = reasons.Archive, Time = reasons.At });
        if (Directory.Exists(doomed)) Directory.Delete(doomed, recursive: true);
    }

    /// <summary>Deletes all files but run.json, its signature and the list of hashes. False when there is nothing to delete.</summary>
    public static async Task<bool> ThinAsync(string store, Chain chain, ChainEntry stored, Reasons reasons, CancellationToken cancellation)
    {
        var folder = new RunFolder(store, stored.Folder);
        var files = folder.Listed().Keys.Where(name => IsLarge(name) && File.Exists(folder.PathOf(name)))
            .Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0) return false;
        chain.Append(stored with
        { Kind = ChainEntry.Thinned, Files = files, Reason = reasons.Reason, Archive = reasons.Archive, Time = reasons.At });
        var note = CanonicalJson.Write(new { files, reasons.Reason, reasons.Archive, reasons.At });
        await Durable.ReplaceAsync(folder.PathOf(RunFiles.Thinned), Encoding.UTF8.GetBytes(note + "\n"), cancellation);
        foreach (var name in files) File.Delete(folder.PathOf(name));
        return true;
    }

    static bool IsLarge(string name) => name.EndsWith(".parquet", StringComparison.Ordinal);
}

/// <summary>Why something is deleted, and where a copy of it lies: file name and sha-256 of the archive.</summary>
sealed record Reasons(string Reason, string? Archive, DateTimeOffset At);
