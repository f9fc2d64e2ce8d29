using System.Security.Cryptography;
using System.Text.Json;

namespace Harness.Datasets.Sources;

/// <summary>
/// The cache: every file lies decompressed at <c>cache/Name</c>, copied there whole and verified, so that reading needs the cache
/// alone. Beside it <c>Name.verified</c> stamps size, modification time and hash, so that an unchanged file is not hashed twice,
/// and <c>Name.lock</c> keeps two processes apart.
/// </summary>
static class FileStore
{
    static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan LockPatience = TimeSpan.FromMinutes(30);

    public static FileInfo Locate(DirectoryInfo cache, DataFile file) => new(Path.Combine(cache.FullName, file.Name));

    /// <summary>The cached file.</summary>
    /// <exception cref="DataUnavailableException">It was never fetched, or its length is not the pinned one.</exception>
    public static FileInfo Require(DirectoryInfo cache, DataFile file)
    {
        var path = Locate(cache, file);
        if (!path.Exists) throw new DataUnavailableException($"{path.FullName} is not in the cache; fetch the dataset first.");
        if (file.Bytes is { } expected && path.Length != expected)
            throw new DataUnavailableException(
                $"{path.FullName} has {path.Length:N0} bytes, expected {expected:N0}; delete it and fetch again.");
        return path;
    }

    /// <summary>True when the file is stamped as verified and has not been touched since.</summary>
    public static bool IsStamped(DirectoryInfo cache, DataFile file)
    {
        var path = Locate(cache, file);
        return path.Exists && StampOrNull(path) is { } stamp && stamp == Stamp.Of(path, file.Hash ?? stamp.Hash);
    }

    /// <summary>The hash that was found when the file arrived or was last verified; null when it never was.</summary>
    public static string? RecordedHashOrNull(DirectoryInfo cache, DataFile file) => StampOrNull(Locate(cache, file))?.Hash;

    /// <summary>Brings the file into the cache from the first source that has it, unless it is there already.</summary>
    /// <exception cref="DataUnavailableException">No source has it, or a source or the cache holds other content.</exception>
    public static async ValueTask PutAsync(DirectoryInfo cache, DataFile file, IReadOnlyList<IFileSource> sources,
        TimeProvider time, CancellationToken cancellation)
    {
        if (IsStamped(cache, file)) return;
        var path = Locate(cache, file);
        path.Directory!.Create();
        using var held = await LockAsync(path, time, cancellation);
        if (IsStamped(cache, file)) return;
        path.Refresh();
        var hash = path.Exists ? await HashAsync(path, file, cancellation) : await ArriveAsync(path, file, sources, cancellation);
        WriteStamp(path, hash);
    }

    /// <summary>Hashes the cached file whatever its stamp says.</summary>
    /// <exception cref="DataUnavailableException">
    /// It is missing, is not the pinned one, or, where nothing is pinned, is no longer the one that arrived.
    /// </exception>
    public static async ValueTask VerifyAsync(DirectoryInfo cache, DataFile file, CancellationToken cancellation)
    {
        var path = Require(cache, file);
        if (file.Hash is null && StampOrNull(path) is null)
            throw new DataUnavailableException(
                $"{path.FullName} was put there unseen: no hash is published or recorded; fetch the dataset first.");
        await HashAsync(path, file with { Hash = file.Hash ?? StampOrNull(path)!.Hash }, cancellation);
    }

    static async ValueTask<string> HashAsync(FileInfo path, DataFile file, CancellationToken cancellation)
    {
        using var content = path.OpenRead();
        return await CheckAsync(content, Stream.Null, file, path.FullName, cancellation);
    }

    static async ValueTask<string> ArriveAsync(FileInfo path, DataFile file, IReadOnlyList<IFileSource> sources,
        CancellationToken cancellation)
    {
        var problems = new List<string>();
        foreach (var source in sources)
        {
            var offer = await source.OpenAsync(file, cancellation);
            if (offer.Content is { } content)
            {
                using (content) return await StoreAsync(content, path, file, offer.Place, cancellation);
            }
            problems.Add($"  {offer.Place}: {offer.Problem}");
        }
        throw new DataUnavailableException($"""
            {Description(file)} is not to be had:
            {string.Join('\n', problems)}
              To supply it by hand, put the decompressed file at {path.FullName}.
            """);
    }

    static string Description(DataFile file) =>
        $"{file.Name} ({(file.Bytes is { } bytes ? $"{bytes:N0} bytes" : "size not published")}, {file.Hash ?? "hash not published"}, "
        + $"{file.Url ?? "no official address"})";

    static async ValueTask<string> StoreAsync(Stream content, FileInfo path, DataFile file, string place, CancellationToken cancellation)
    {
        var temporary = path.FullName + ".tmp";
        try
        {
            string hash;
            using (var target = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                hash = await CheckAsync(content, target, file, place, cancellation);
                target.Flush(flushToDisk: true);
            }
            File.Move(temporary, path.FullName, overwrite: true);
            return hash;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Copies and hashes; returns the hash, which is the pinned one if any is.</summary>
    static async ValueTask<string> CheckAsync(Stream content, Stream target, DataFile file, string place, CancellationToken cancellation)
    {
        var (name, algorithm) = Algorithm(file);
        using var hash = IncrementalHash.CreateHash(algorithm);
        var buffer = new byte[1 << 20];
        var (length, limit) = (0L, file.Bytes ?? long.MaxValue);
        try
        {
            for (int count; length <= limit && (count = await content.ReadAsync(buffer, cancellation)) > 0; length += count)
            {
                hash.AppendData(buffer, 0, count);
                await target.WriteAsync(buffer.AsMemory(0, count), cancellation);
            }
        }
        catch (InvalidDataException error)
        {
            throw new DataUnavailableException(
                $"{place} cannot be unpacked ({error.Message}); delete or replace it and fetch again.", error);
        }
        var found = $"{name}:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
        if (length == (file.Bytes ?? length) && found == (file.Hash ?? found)) return found;
        throw new DataUnavailableException(
            $"{place} is not the pinned {file.Name}: expected {(file.Bytes is { } bytes ? $"{bytes:N0} bytes with " : "")}{file.Hash}, "
            + $"found {(length > limit ? "more bytes" : $"{length:N0} bytes with {found}")}; delete or replace it and fetch again.");
    }

    static (string Name, HashAlgorithmName Algorithm) Algorithm(DataFile file) => file.Hash?[..Math.Max(0, file.Hash.IndexOf(':'))] switch
    {
        "md5" => ("md5", HashAlgorithmName.MD5),
        null or "sha256" => ("sha256", HashAlgorithmName.SHA256),
        _ => throw new HarnessException($"{file.Name} is pinned as '{file.Hash}'; a hash begins with 'md5:' or 'sha256:'."),
    };

    static async ValueTask<FileStream> LockAsync(FileInfo path, TimeProvider time, CancellationToken cancellation)
    {
        var name = path.FullName + ".lock";
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when (error is not (DirectoryNotFoundException or PathTooLongException))
            {
                if (time.GetElapsedTime(began) > LockPatience)
                    throw new DataUnavailableException(
                        $"{name} has been held for {LockPatience.TotalMinutes:0} min; end the other fetch.", error);
            }
            await Task.Delay(LockPoll, time, cancellation);
        }
    }

    static string StampPath(FileInfo path) => path.FullName + ".verified";

    static Stamp? StampOrNull(FileInfo path)
    {
        try
        {
            return File.Exists(StampPath(path)) ? JsonSerializer.Deserialize<Stamp>(File.ReadAllBytes(StampPath(path))) : null;
        }
        catch (JsonException)
        {
            return null; // a stamp that cannot be read vouches for nothing: the file is hashed again
        }
    }

    static void WriteStamp(FileInfo path, string hash)
    {
        path.Refresh();
        var temporary = StampPath(path) + ".tmp";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(Stamp.Of(path, hash)));
        File.Move(temporary, StampPath(path), overwrite: true);
    }

    sealed record Stamp(long Bytes, long ModifiedTicks, string Hash)
    {
        public static Stamp Of(FileInfo path, string hash) => new(path.Length, path.LastWriteTimeUtc.Ticks, hash);
    }
}
