using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Harness.Results.Storage;

/// <summary>Where a finding lies: <c>findings/YYYY/MM/kind-id.json</c>, canonical.</summary>
static class FindingFile
{
    const string Root = "findings";

    public static bool IsKind(string? kind) => kind is Comparison.Word or Alert.Word or Occurrence.Word;

    public static string Name(Finding finding) =>
        $"{Root}/{finding.At.UtcDateTime.ToString("yyyy'/'MM", CultureInfo.InvariantCulture)}/{finding.Kind}-{finding.Id}.json";

    public static byte[] Content(Finding finding) => Encoding.UTF8.GetBytes(CanonicalJson.Write(finding));

    public static ChainEntry Entry(Finding finding, DateTimeOffset time) =>
        new(Chain.Start, finding.Id, RunFiles.Hash(Content(finding)), "", Name(finding), time) { Kind = finding.Kind };

    /// <summary>Every finding's file, relative to the store, in order of name.</summary>
    public static IEnumerable<string> All(string store)
    {
        var root = Path.Combine(store, Root);
        return !Directory.Exists(root) ? [] : Directory.EnumerateFiles(root, "*.json", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(store, file).Replace('\\', '/')).Order(StringComparer.Ordinal);
    }

    /// <summary>Null when the file is gone, is not what the chain says, or cannot be read.</summary>
    public static async Task<Finding?> ReadOrNullAsync(string store, ChainEntry entry, CancellationToken cancellation)
    {
        var path = Path.Combine(store, entry.Folder);
        if (!File.Exists(path)) return null;
        var bytes = await File.ReadAllBytesAsync(path, cancellation);
        return RunFiles.Hash(bytes) == entry.RunHash ? ParseOrNull(bytes) : null;
    }

    public static Finding? ParseOrNull(byte[] content)
    {
        try { return JsonSerializer.Deserialize<Finding>(content, CanonicalJson.Options); }
        catch (Exception error) when (error is JsonException or NotSupportedException) { return null; }
    }
}
