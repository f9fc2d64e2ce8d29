using System.Formats.Tar;
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
        if (archive.Extension != ".zip") return [.. Tar(archive).Where(entry => wanted(entry.Name)).Select(entry => entry.Name)];
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
        var files = TarFiles(archive, wanted.Contains, limit).ToDictionary(file => file.Name);
        foreach (var name in order) yield return files[name];
    }

    /// <summary>A zip archive for reading entries by name.</summary>
    public static ZipArchive OpenZip(FileInfo archive)
    {
        try
        {
            return ZipFile.OpenRead(archive.FullName);
        }
        catch (InvalidDataException error)
        {
            throw new DataFormatException(archive.FullName, $"it is not a zip archive ({error.Message})", error);
        }
    }

    /// <exception cref="DataFormatException">The entry is damaged or longer than <paramref name="limit"/> bytes.</exception>
    public static byte[] Content(ZipArchiveEntry entry, int limit = MostEntryBytes)
    {
        if (entry.Length > limit) throw TooLong(entry.FullName, entry.Length, limit);
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
        foreach (var entry in Tar(archive))
        {
            if (!wanted(entry.Name)) continue;
            if (entry.Length > limit) throw TooLong(entry.Name, entry.Length, limit);
            var content = new byte[entry.Length];
            try
            {
                entry.DataStream?.ReadExactly(content);
            }
            catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
            {
                throw new DataFormatException(archive.FullName, $"{entry.Name} cannot be unpacked ({error.Message})", error);
            }
            yield return new(entry.Name, content);
        }
    }

    static IEnumerable<TarEntry> Tar(FileInfo archive)
    {
        using var file = archive.OpenRead();
        using Stream plain = archive.Extension is ".gz" or ".tgz" ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var tar = new TarReader(plain);
        while (Next(tar, archive) is { } entry)
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile) yield return entry;
    }

    static TarEntry? Next(TarReader tar, FileInfo archive)
    {
        try
        {
            return tar.GetNextEntry();
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or FormatException or ArgumentException)
        {
            throw new DataFormatException(archive.FullName, $"it is not a tar archive, or is damaged ({error.Message})", error);
        }
    }

    static DataFormatException TooLong(string name, long length, int limit) =>
        new(name, $"it unpacks to {length:N0} bytes; allowed are {limit:N0}");
}
