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

    /// <exception cref="ResultDamagedException">The file is gone, is not what the chain says, or cannot be read.</exception>
    public static async Task<Finding> ReadAsync(string store, ChainEntry entry, CancellationToken cancellation)
    {
        var path = Path.Combine(store, entry.Folder);
        if (!File.Exists(path)) throw new ResultDamagedException(new(".", entry.Folder, "the finding is missing."));
        var bytes = await File.ReadAllBytesAsync(path, cancellation);
        if (RunFiles.Hash(bytes) != entry.RunHash)
            throw new ResultDamagedException(new(".", entry.Folder, "its hash is not the one in the chain."));
        return ParseOrNull(bytes) ?? throw new ResultDamagedException(new(".", entry.Folder, "it cannot be read as a finding."));
    }

    public static Finding? ParseOrNull(byte[] content)
    {
        try { return JsonSerializer.Deserialize<Finding>(content, Options); }
        catch (Exception error) when (error is JsonException or NotSupportedException) { return null; }
    }

    // Canonical form sorts members, so what kind of finding it is does not come first.
    static readonly JsonSerializerOptions Options = new(CanonicalJson.Options) { AllowOutOfOrderMetadataProperties = true };
}
