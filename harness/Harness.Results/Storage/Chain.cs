using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Harness.Results.Storage;

/// <summary>One line of <c>chain.log</c>: a stored run and the hash of the line before it.</summary>
/// <param name="Previous">SHA-256 of the previous line without its line end; 64 zeros for the first.</param>
/// <param name="RunHash">SHA-256 of run.json.</param>
/// <param name="Artifacts">SHA-256 of artifacts.sha256, which lists every other file of the run.</param>
/// <param name="Folder">The run folder, relative to the store, with forward slashes.</param>
public sealed record ChainEntry(string Previous, string RunId, string RunHash, string Artifacts, string Folder, DateTimeOffset Time);

/// <summary>The hash chain over all runs, in the order they were stored: a removed, exchanged or inserted run breaks it.</summary>
sealed class Chain
{
    public const string FileName = "chain.log";
    static readonly string Start = new('0', 64);
    readonly string _path;
    string _last = Start;
    long _length;

    Chain(string path) => _path = path;

    public HashSet<string> Folders { get; } = new(StringComparer.Ordinal);
    public HashSet<string> RunIds { get; } = new(StringComparer.Ordinal);

    /// <summary>Opens the chain for writing and cuts off a line that a crash left half written.</summary>
    public static async Task<Chain> OpenAsync(string store, CancellationToken cancellation)
    {
        var chain = new Chain(Path.Combine(store, FileName));
        if (!File.Exists(chain._path)) return chain;
        var bytes = await File.ReadAllBytesAsync(chain._path, cancellation);
        chain._length = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        if (chain._length < bytes.Length) chain.CutBack();
        foreach (var line in Lines(bytes)) chain.Remember(line, Parse(store, line));
        return chain;
    }

    /// <summary>Adds a line durably. On failure the file is as it was.</summary>
    public void Append(string runId, string runHash, string artifacts, string folder, DateTimeOffset time)
    {
        var entry = new ChainEntry(_last, runId, runHash, artifacts, folder, time);
        var line = CanonicalJson.Write(entry);
        try
        {
            using var stream = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
            stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
            stream.Flush(flushToDisk: true);
            if (_length == 0) Durable.SyncFolder(Path.GetDirectoryName(_path)!);
        }
        catch (IOException)
        {
            CutBack();
            throw;
        }
        _length += Encoding.UTF8.GetByteCount(line) + 1;
        Remember(line, entry);
    }

    /// <summary>Every complete line of a store's chain with what it says; null where a line cannot be read.</summary>
    public static IEnumerable<(string Line, ChainEntry? Entry)> Read(string store)
    {
        var path = Path.Combine(store, FileName);
        if (!File.Exists(path)) yield break;
        foreach (var line in Lines(ReadShared(path)))
            yield return (line, ParseOrNull(line));
    }

    /// <summary>What <see cref="ChainEntry.Previous"/> of the line after this one must be; null asks for the first line's.</summary>
    public static string Link(string? line) =>
        line is null ? Start : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)));

    static byte[] ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    static IEnumerable<string> Lines(byte[] bytes)
    {
        var complete = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        return Encoding.UTF8.GetString(bytes, 0, complete).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    static ChainEntry Parse(string store, string line) => ParseOrNull(line)
        ?? throw new HarnessException(
            $"'{Path.Combine(store, FileName)}' has a line that is not a chain entry: '{line[..Math.Min(60, line.Length)]}'. " +
            "Run 'harness verify', then restore the file from a copy.");

    static ChainEntry? ParseOrNull(string line)
    {
        try { return JsonSerializer.Deserialize<ChainEntry>(line, CanonicalJson.Options); }
        catch (JsonException) { return null; }
    }

    void Remember(string line, ChainEntry entry)
    {
        _last = Link(line);
        Folders.Add(entry.Folder);
        RunIds.Add(entry.RunId);
    }

    void CutBack()
    {
        if (!File.Exists(_path)) return;
        using var stream = new FileStream(_path, FileMode.Open, FileAccess.Write);
        stream.SetLength(_length);
        stream.Flush(flushToDisk: true);
    }
}
