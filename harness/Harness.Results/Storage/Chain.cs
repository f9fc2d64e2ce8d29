using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Harness.Results.Signing;

namespace Harness.Results.Storage;

/// <summary>One readable line of the chain. <see cref="Link"/> is what the next line must name as the one before it.</summary>
sealed record ChainLine(ChainEntry Entry, string Link);

/// <summary>The hash chain over all runs, in the order they were stored: a removed, exchanged or inserted run breaks it.</summary>
sealed class Chain
{
    public const string FileName = "chain.log";
    public static readonly string Start = new('0', 64);
    readonly string _path;
    readonly SigningKey? _key;
    readonly List<ChainLine> _lines = [];
    readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    readonly Dictionary<string, ChainEntry> _runs = new(StringComparer.Ordinal);
    readonly HashSet<string> _removed = new(StringComparer.Ordinal);
    long _length;

    Chain(string path, SigningKey? key) => (_path, _key) = (path, key);

    public IReadOnlyList<ChainLine> Lines => _lines;

    /// <summary>Runs that were deleted on purpose.</summary>
    public IReadOnlySet<string> Removed => _removed;

    /// <summary>Whether a folder or file is known to the chain, be it there or removed.</summary>
    public bool Knows(string folder) => _folders.Contains(folder);

    /// <summary>The entry that stored a run, be it removed since or not.</summary>
    public ChainEntry? StoredOrNull(string runId) => _runs.GetValueOrDefault(runId);

    /// <summary>What stored the runs, whose folders may be lost.</summary>
    /// <exception cref="HarnessException">One of the runs was never stored here, or was removed.</exception>
    public IReadOnlyList<ChainEntry> Stored(IReadOnlyList<string> runIds) => [.. runIds.Distinct().Select(id =>
        StoredOrNull(id) is { } entry && !Removed.Contains(id) ? entry
            : throw new HarnessException($"Run {id} is not in '{Store}'; nothing was deleted."))];

    /// <exception cref="HarnessException">One of the runs is not here.</exception>
    public IReadOnlyList<ChainEntry> Present(IReadOnlyList<string> runIds)
    {
        var entries = Stored(runIds);
        return entries.FirstOrDefault(entry => !new RunFolder(Store, entry.Folder).Exists) is not { } lost ? entries
            : throw new HarnessException($"The folder of run {lost.RunId} is lost: '{lost.Folder}'; nothing was deleted.");
    }

    string Store => Path.GetDirectoryName(_path)!;

    /// <summary>Reads the whole chain; it cannot be added to.</summary>
    /// <exception cref="HarnessException">A line is not a chain entry.</exception>
    public static async Task<Chain> ReadAsync(string store, CancellationToken cancellation)
    {
        var chain = new Chain(Path.Combine(store, FileName), null);
        if (!File.Exists(chain._path)) return chain;
        var bytes = await Task.Run(() => ReadShared(chain._path, 0), cancellation);
        foreach (var line in Split(bytes)) chain.Remember(line, Parse(store, line));
        return chain;
    }

    /// <summary>Opens the chain for writing and cuts off a line that a crash left half written.</summary>
    public static async Task<Chain> OpenAsync(string store, SigningKey? key, CancellationToken cancellation)
    {
        var chain = new Chain(Path.Combine(store, FileName), key);
        if (!File.Exists(chain._path)) return chain;
        var bytes = await File.ReadAllBytesAsync(chain._path, cancellation);
        chain._length = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        if (chain._length < bytes.Length) chain.CutBack();
        foreach (var line in Split(bytes)) chain.Remember(line, Parse(store, line));
        return chain;
    }

    /// <summary>Adds a line durably, linked to the last one and signed. On failure the file is as it was.</summary>
    public void Append(ChainEntry entry)
    {
        entry = entry with { Previous = _lines.Count > 0 ? _lines[^1].Link : Start };
        if (_key is not null) entry = ChainSignature.Sign(entry, _key);
        var line = CanonicalJson.Write(entry);
        try
        {
            using var stream = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
            stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
            stream.Flush(flushToDisk: true);
            if (_length == 0) Durable.SyncFolder(Store);
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
        foreach (var line in Split(ReadShared(path, 0)))
            yield return (line, ParseOrNull(line));
    }

    /// <summary>The link of the last complete line, read from the end of the file; of an empty chain, <see cref="Start"/>.</summary>
    public static string Head(string store)
    {
        const int window = 1 << 16;
        var path = Path.Combine(store, FileName);
        if (!File.Exists(path)) return Start;
        var end = ReadShared(path, Math.Max(0, new FileInfo(path).Length - window));
        var lines = Split(end).ToList();
        // The first line of the window may be cut; a single one is whole only if the window holds the whole file.
        return lines.Count > 1 ? Link(lines[^1]) : Split(ReadShared(path, 0)).Select(Link).LastOrDefault(Start);
    }

    /// <summary>What <see cref="ChainEntry.Previous"/> of the line after this one must be.</summary>
    public static string Link(string line) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)));

    static byte[] ReadShared(string path, long from)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = from;
        var bytes = new byte[Math.Max(0, stream.Length - from)];
        stream.ReadExactly(bytes);
        return bytes;
    }

    static IEnumerable<string> Split(byte[] bytes)
    {
        var complete = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        return Encoding.UTF8.GetString(bytes, 0, complete).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    static ChainEntry Parse(string store, string line) => ParseOrNull(line)
        ?? throw new HarnessException($"'{Path.Combine(store, FileName)}' has a line that is not a chain entry: "
            + $"'{line[..Math.Min(60, line.Length)]}'. Run 'harness verify', then restore the file from a copy.");

    static ChainEntry? ParseOrNull(string line)
    {
        try { return JsonSerializer.Deserialize<ChainEntry>(line, CanonicalJson.Options); }
        catch (JsonException) { return null; }
    }

    void Remember(string line, ChainEntry entry)
    {
        _lines.Add(new(entry, Link(line)));
        _folders.Add(entry.Folder);
        if (entry.Kind is null) _runs[entry.RunId] = entry;
        else if (entry.Kind == ChainEntry.Removed) _removed.Add(entry.RunId);
    }

    void CutBack()
    {
        if (!File.Exists(_path)) return;
        using var stream = new FileStream(_path, FileMode.Open, FileAccess.Write);
        stream.SetLength(_length);
        stream.Flush(flushToDisk: true);
    }
}
