using System.IO.Compression;

namespace Harness.Datasets.Sources;

/// <summary>
/// A folder that holds files under their protocol name <c>folder/file</c>: plain, as <c>.gz</c>, or as an entry (plain or
/// <c>.gz</c>) of a zip archive that lies in <c>folder</c>.
/// </summary>
/// <param name="title">What a message calls the folder.</param>
/// <param name="remedy">What to do when the file is not in it.</param>
sealed class FolderSource(DirectoryInfo root, string title, string remedy) : IFileSource
{
    public ValueTask<Offer> OpenAsync(DataFile file, CancellationToken cancellation)
    {
        var path = Path.Combine(root.FullName, file.Name);
        if (File.Exists(path)) return ValueTask.FromResult(Offer.Of(path, File.OpenRead(path)));
        if (File.Exists(path + ".gz"))
            return ValueTask.FromResult(Offer.Of(path + ".gz", new GZipStream(File.OpenRead(path + ".gz"), CompressionMode.Decompress)));
        return ValueTask.FromResult(InArchiveOrNull(file) ?? Offer.None(title, $"no {path}[.gz]; {remedy}"));
    }

    Offer? InArchiveOrNull(DataFile file)
    {
        var slash = file.Name.IndexOf('/');
        var folder = new DirectoryInfo(Path.Combine(root.FullName, slash < 0 ? "." : file.Name[..slash]));
        if (!folder.Exists) return null;
        var entry = file.Name[(slash + 1)..];
        foreach (var archive in folder.EnumerateFiles("*.zip").OrderBy(archive => archive.Name, StringComparer.Ordinal))
            if (EntryOrNull(archive, entry) is { } content)
                return Offer.Of($"{archive.FullName}!{entry}", content);
        return null;
    }

    static MemoryStream? EntryOrNull(FileInfo archive, string name)
    {
        using var zip = ZipFile.OpenRead(archive.FullName);
        var entry = zip.GetEntry(name) ?? zip.GetEntry(name + ".gz");
        if (entry is null) return null;
        using var packed = entry.Open();
        using var plain = entry.Name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(packed, CompressionMode.Decompress)
            : packed;
        var content = new MemoryStream();
        plain.CopyTo(content);
        content.Position = 0;
        return content;
    }
}
