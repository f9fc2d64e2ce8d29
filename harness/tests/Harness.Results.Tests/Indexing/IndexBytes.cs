using System.Security.Cryptography;

namespace Harness.Results.Tests.Indexing;

/// <summary>The index of a store as hashes, to be compared.</summary>
static class IndexBytes
{
    /// <summary>Path below the store, and hash.</summary>
    public static IReadOnlyDictionary<string, string> Of(DirectoryInfo store) => Files(store)
        .ToDictionary(file => Path.GetRelativePath(store.FullName, file), Hash, StringComparer.Ordinal);

    /// <summary>File name, and hash; the index must be one segment.</summary>
    public static IReadOnlyDictionary<string, string> Tables(DirectoryInfo store) => Files(store)
        .ToDictionary(file => Path.GetFileName(file)!, Hash, StringComparer.Ordinal);

    public static IReadOnlyList<string> Segments(DirectoryInfo store) => Directory.Exists(Root(store))
        ? [.. Directory.EnumerateDirectories(Root(store)).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)] : [];

    public static string Root(DirectoryInfo store) => Path.Combine(store.FullName, "index", "v3");

    static IEnumerable<string> Files(DirectoryInfo store) =>
        Directory.EnumerateFiles(Path.Combine(store.FullName, "index"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    static string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
