namespace Harness.Queue.Blobs;

/// <summary>
/// Contents as files of a folder: <c>ab/abcdef…</c>, and under <c>incoming/OWNER</c> what has come of one so far. A content moves into
/// place
/// whole, after its hash was checked and its bytes are on the disk.
/// </summary>
public sealed class FolderBlobStore(DirectoryInfo folder) : IBlobStore
{
    readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Where the content lies; for those who read it as a file.</summary>
    public FileInfo FileOf(string hash) => new(Path.Combine(folder.FullName, BlobHash.Check(hash)[..2], hash));

    public ValueTask<bool> HasAsync(string hash, CancellationToken cancellation) => ValueTask.FromResult(FileOf(hash).Exists);

    public async ValueTask<byte[]> ReadAsync(string hash, long offset, int most, CancellationToken cancellation)
    {
        var file = FileOf(hash);
        if (!file.Exists) throw new HarnessException($"The content {hash} is not stored here.");
        await using var stream = file.OpenRead();
        if (offset < 0 || offset > stream.Length)
            throw new HarnessException($"The content {hash} has {stream.Length} bytes; offset {offset} is not one of them.");
        stream.Position = offset;
        var piece = new byte[Math.Min(most, stream.Length - offset)];
        await stream.ReadExactlyAsync(piece, cancellation);
        return piece;
    }

    public async ValueTask<long> WriteAsync(string owner, string hash, long total, long offset, ReadOnlyMemory<byte> piece,
        CancellationToken cancellation)
    {
        var part = new FileInfo(ArtefactName.PathIn(folder, $"incoming/{owner}/{BlobHash.Check(hash)}"));
        var gate = _gates[(uint)string.GetHashCode(part.FullName, StringComparison.Ordinal) % _gates.Length];
        await gate.WaitAsync(cancellation);
        try
        {
            if (FileOf(hash).Exists) return total;
            var held = await AppendAsync(part, total, offset, piece, cancellation);
            if (held < total) return held;
            await PlaceAsync(part, hash, cancellation);
            return total;
        }
        catch (IOException failure)
        {
            throw new QueueUnavailableException($"The content {hash} cannot be kept: {failure.Message}", failure);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Takes over a file of this machine.</summary>
    public async ValueTask<Artefact> AddAsync(ArtefactKind kind, string name, FileInfo source, CancellationToken cancellation)
    {
        var hash = await BlobHash.OfAsync(source, cancellation);
        if (FileOf(hash).Exists) return new(kind, ArtefactName.Check(name), hash, source.Length);
        var part = new FileInfo(ArtefactName.PathIn(folder, $"incoming/local/{hash}"));
        part.Directory!.Create();
        source.CopyTo(part.FullName, overwrite: true);
        await PlaceAsync(part, hash, cancellation);
        return new(kind, ArtefactName.Check(name), hash, source.Length);
    }

    static async ValueTask<long> AppendAsync(FileInfo part, long total, long offset, ReadOnlyMemory<byte> piece,
        CancellationToken cancellation)
    {
        part.Directory!.Create();
        await using var stream = new FileStream(part.FullName, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1 << 16);
        if (offset > stream.Length || offset < 0 || offset + piece.Length > total) return Math.Min(stream.Length, total);
        // A piece that a crash cut is written over: what counts is the hash of the whole.
        stream.Position = offset;
        await stream.WriteAsync(piece, cancellation);
        stream.Flush(flushToDisk: offset + piece.Length == total);
        return Math.Min(stream.Length, total);
    }

    async ValueTask PlaceAsync(FileInfo part, string hash, CancellationToken cancellation)
    {
        var found = await BlobHash.OfAsync(part, cancellation);
        if (found != hash)
        {
            part.Delete();
            throw new BlobTamperedException($"A content that should be {hash} is {found}: it was damaged or exchanged on its way.");
        }
        var target = FileOf(hash);
        target.Directory!.Create();
        File.Move(part.FullName, target.FullName, overwrite: true);
        DurableFile.SyncFolder(target.DirectoryName!);
    }
}
