using System.Formats.Tar;
using System.IO.Compression;

namespace Harness.Results.Storage;

/// <summary>Packs run folders into a .tar.gz whose paths begin at the store, so that unpacking it there brings them back.</summary>
static class Archive
{
    /// <returns>File name and sha-256 of the archive, for the chain.</returns>
    /// <exception cref="HarnessException">The file exists already.</exception>
    public static async Task<string> PackAsync(string store, IReadOnlyList<ChainEntry> runs, FileInfo archive,
        CancellationToken cancellation)
    {
        if (archive.Exists) throw new HarnessException($"The archive '{archive.FullName}' exists already; an archive is never changed.");
        Durable.CreateFolder(archive.DirectoryName!);
        var draft = archive.FullName + ".draft";
        var stream = new FileStream(draft, FileMode.Create, FileAccess.Write);
        await using (stream)
        {
            await using (var packed = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true))
            await using (var tar = new TarWriter(packed, TarEntryFormat.Pax))
                foreach (var run in runs) await AddAsync(tar, store, run, cancellation);
            stream.Flush(flushToDisk: true);
        }
        File.Move(draft, archive.FullName);
        Durable.SyncFolder(archive.DirectoryName!);
        return $"{archive.Name} sha256:{RunFiles.Hash(await File.ReadAllBytesAsync(archive.FullName, cancellation))}";
    }

    // Names and times come from the store, so that the same runs give the same archive.
    static async Task AddAsync(TarWriter tar, string store, ChainEntry run, CancellationToken cancellation)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(store, run.Folder)).Order(StringComparer.Ordinal))
        {
            await using var content = File.OpenRead(file);
            var entry = new PaxTarEntry(TarEntryType.RegularFile, $"{run.Folder}/{Path.GetFileName(file)}")
            { DataStream = content, ModificationTime = run.Time };
            await tar.WriteEntryAsync(entry, cancellation);
        }
    }
}
