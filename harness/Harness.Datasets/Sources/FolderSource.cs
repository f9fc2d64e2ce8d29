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
    /// <exception cref="DataUnavailableException">An archive that may hold the file cannot be read.</exception>
    public ValueTask<Offer> OpenAsync(DataFile file, CancellationToken cancellation)
    {
        var path = Path.Combine(root.FullName, file.Name);
        if (File.Exists(path)) return ValueTask.FromResult(Offer.Of(path, File.OpenRead(path)));
        if (File.Exists(path + ".gz")) return ValueTask.FromResult(Offer.Of(path + ".gz", Unpacked(File.OpenRead(path + ".gz"))));
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

    // Streamed, so that memory does not depend on what an archive says of its size.
    static EntryStream? EntryOrNull(FileInfo archive, string name)
    {
        ZipArchive? zip = null;
        try
        {
            zip = ZipFile.OpenRead(archive.FullName);
            var entry = zip.GetEntry(name) ?? zip.GetEntry(name + ".gz");
            if (entry is not null)
                return new(zip, entry.Name.EndsWith(".gz", StringComparison.Ordinal) ? Unpacked(entry.Open()) : entry.Open());
            zip.Dispose();
            return null;
        }
        catch (InvalidDataException error)
        {
            zip?.Dispose();
            throw new DataUnavailableException(
                $"{archive.FullName} is not readable as zip ({error.Message}); delete or replace it.", error);
        }
    }

    static GZipStream Unpacked(Stream packed) => new(packed, CompressionMode.Decompress);

    /// <summary>An entry that closes its archive.</summary>
    sealed class EntryStream(ZipArchive archive, Stream content) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => content.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            content.ReadAsync(buffer, cancellationToken);

        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                content.Dispose();
                archive.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
