using System.IO.Compression;

namespace Harness.Datasets.Formats;

/// <summary>A file inside an archive; <paramref name="Name"/> is its path there.</summary>
sealed record ArchivedFile(string Name, byte[] Content);

/// <summary>
/// Goes through zip, tar and tar.gz archives without unpacking them to disk. No entry may unpack to more than a stated limit.
/// </summary>
static class Archive
{
    const int MostEntryBytes = 1 << 30;

    /// <summary>The wanted files in the order of the archive.</summary>
    /// <exception cref="DataFormatException">The archive is damaged, or an entry is longer than <paramref name="limit"/> bytes.</exception>
    public static IEnumerable<ArchivedFile> Files(FileInfo archive, Predicate<string> wanted, int limit = MostEntryBytes) =>
        archive.Extension == ".zip" ? ZipFiles(archive, wanted, limit) : TarFiles(archive, wanted, limit);

    /// <summary>Paths of the wanted files in the order of the archive.</summary>
    public static IReadOnlyList<string> Names(FileInfo archive, Predicate<string> wanted)
    {
        if (archive.Extension != ".zip") return [.. TarFiles(archive).Select(file => file.Name).Where(name => wanted(name))];
        using var zip = OpenZip(archive);
        return [.. zip.Entries.Select(entry => entry.FullName).Where(name => !name.EndsWith('/') && wanted(name))];
    }

    /// <summary>
    /// Shuffled by a seed: archives are often sorted by class, and the first samples of a part should be of all classes. A tar archive has
    /// no random access, so its wanted files are held in memory.
    /// </summary>
    public static IEnumerable<ArchivedFile> Shuffled(FileInfo archive, IEnumerable<string> names, ulong seed, int limit = MostEntryBytes)
    {
        var order = names.Order(StringComparer.Ordinal).ToArray();
        new Chance(seed).Shuffle(order.AsSpan());
        return archive.Extension == ".zip" ? ByName(archive, order, limit) : Held(archive, order, limit);
    }

    static IEnumerable<ArchivedFile> ByName(FileInfo archive, string[] order, int limit)
    {
        using var zip = OpenZip(archive);
        foreach (var name in order) yield return new(name, Content(zip.GetEntry(name)!, limit));
    }

    static IEnumerable<ArchivedFile> Held(FileInfo archive, string[] order, int limit)
    {
        var wanted = order.ToHashSet();
        var files = new Dictionary<string, ArchivedFile>();
        foreach (var file in TarFiles(archive, wanted.Contains, limit))
            if (!files.TryAdd(file.Name, file)) throw new DataFormatException(archive.FullName, $"it holds {file.Name} twice");
        foreach (var name in order) yield return files[name];
    }

    /// <summary>A zip archive for reading entries by name.</summary>
    public static ZipArchive OpenZip(FileInfo archive)
    {
        ZipArchive? zip = null;
        try
        {
            zip = ZipFile.OpenRead(archive.FullName);
            _ = zip.Entries; // the list of entries is read here, not when somebody first asks for it
            return zip;
        }
        catch (InvalidDataException error)
        {
            zip?.Dispose();
            throw new DataFormatException(archive.FullName, $"it is not a zip archive ({error.Message})", error);
        }
    }

    /// <exception cref="DataFormatException">The entry is damaged or longer than <paramref name="limit"/> bytes.</exception>
    public static byte[] Content(ZipArchiveEntry entry, int limit = MostEntryBytes)
    {
        Check(entry.FullName, entry.Length, entry.CompressedLength * Deflate.MostRatio, limit);
        var content = new byte[entry.Length];
        try
        {
            using var packed = entry.Open();
            packed.ReadExactly(content);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw new DataFormatException(entry.FullName, $"it cannot be unpacked ({error.Message})", error);
        }
        return content;
    }

    static IEnumerable<ArchivedFile> ZipFiles(FileInfo archive, Predicate<string> wanted, int limit)
    {
        using var zip = OpenZip(archive);
        foreach (var entry in zip.Entries)
            if (!entry.FullName.EndsWith('/') && wanted(entry.FullName)) yield return new(entry.FullName, Content(entry, limit));
    }

    static IEnumerable<ArchivedFile> TarFiles(FileInfo archive, Predicate<string> wanted, int limit)
    {
        var most = IsPacked(archive) ? archive.Length * Deflate.MostRatio : archive.Length;
        foreach (var file in TarFiles(archive))
        {
            if (!wanted(file.Name)) continue;
            Check(file.Name, file.Length, most, limit);
            yield return new(file.Name, file.Content());
        }
    }

    static IEnumerable<TarFile> TarFiles(FileInfo archive)
    {
        using var file = archive.OpenRead();
        using Stream plain = IsPacked(archive) ? new GZipStream(file, CompressionMode.Decompress) : file;
        foreach (var entry in Tar.Files(plain, archive.FullName)) yield return entry;
    }

    static bool IsPacked(FileInfo archive) => archive.Extension is ".gz" or ".tgz";

    /// <param name="most">What so much packed content can unpack to.</param>
    static void Check(string name, long length, long most, int limit)
    {
        if (length > limit) throw new DataFormatException(name, $"it unpacks to {length:N0} bytes; allowed are {limit:N0}");
        if (length > most) throw new DataFormatException(name, $"it claims {length:N0} bytes, more than its archive can hold");
    }
}
