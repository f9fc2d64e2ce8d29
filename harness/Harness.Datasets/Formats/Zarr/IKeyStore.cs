using System.IO.Compression;

namespace Harness.Datasets.Formats.Zarr;

/// <summary>Where the parts of a Zarr hierarchy lie: a content for each key, e.g. <c>volumes/raw/0.1.0.0</c>. Thread-safe.</summary>
public interface IKeyStore : IDisposable
{
    /// <summary>What messages call the store.</summary>
    string Name { get; }

    /// <summary>The content of a key, or null where there is none.</summary>
    byte[]? GetOrNull(string key);

    /// <summary>The content of a key as an open file, for reading parts of it; null where that is not possible.</summary>
    FileStream? OpenOrNull(string key);
}

/// <summary>Keys are files below a folder.</summary>
public sealed class FolderKeys(DirectoryInfo folder) : IKeyStore
{
    public string Name => folder.FullName;

    public byte[]? GetOrNull(string key) => Path(key) is var path && File.Exists(path) ? File.ReadAllBytes(path) : null;

    public FileStream? OpenOrNull(string key) => Path(key) is var path && File.Exists(path) ? File.OpenRead(path) : null;

    public void Dispose() { }

    string Path(string key) => System.IO.Path.Combine(folder.FullName, key);
}

/// <summary>Keys are entries of a zip archive below a path.</summary>
public sealed class ZipKeys(FileInfo archive, string below) : IKeyStore
{
    readonly Lock _gate = new();
    readonly ZipArchive _zip = Archive.OpenZip(archive);

    public string Name => $"{archive.FullName}!{below}";

    public byte[]? GetOrNull(string key)
    {
        lock (_gate) return _zip.GetEntry($"{below}/{key}") is { } entry ? Archive.Content(entry) : null;
    }

    public FileStream? OpenOrNull(string key) => null;

    public void Dispose() => _zip.Dispose();
}
