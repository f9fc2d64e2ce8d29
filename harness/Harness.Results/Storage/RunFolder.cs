using System.Text.Json;
using Harness.Results.Tables;

namespace Harness.Results.Storage;

/// <summary>The folder of a stored run. Every file that is read is compared with the list of hashes first.</summary>
/// <param name="Name">Relative to the store, with forward slashes.</param>
sealed record RunFolder(string Store, string Name)
{
    public string Path => System.IO.Path.Combine(Store, Name);
    public bool Exists => Directory.Exists(Path);

    /// <exception cref="ResultDamagedException">A file is missing, changed or unreadable.</exception>
    public async Task<RunRecord> ReadAsync(bool detail, CancellationToken cancellation)
    {
        var listed = Listed();
        var envelope = await BytesAsync(RunFiles.Envelope, listed, cancellation);
        var run = await GuardAsync(RunFiles.Envelope, () => Task.FromResult(
            JsonSerializer.Deserialize<RunRecord>(envelope, CanonicalJson.Options) ?? throw new JsonException("it is null")));
        if (!detail) return run;
        if (await TableOrNullAsync(SampleTable.FileName, listed, cancellation) is { } samples)
            run = run with { Samples = await GuardAsync(SampleTable.FileName, () => SampleTable.ReadAsync(samples, cancellation)) };
        if (await TableOrNullAsync(TimingTable.FileName, listed, cancellation) is { } timings)
            run = run with { Timings = await GuardAsync(TimingTable.FileName, () => TimingTable.ReadAsync(timings, cancellation)) };
        if (await TableOrNullAsync(TelemetryTable.FileName, listed, cancellation) is { } telemetry)
            run = run with { Traces = await GuardAsync(TelemetryTable.FileName, () => TelemetryTable.ReadAsync(telemetry, cancellation)) };
        return run.Pictures is { } pictures ? run with { Pictures = await PicturesAsync(pictures, listed, cancellation) } : run;
    }

    async Task<IReadOnlyList<Picture>> PicturesAsync(IReadOnlyList<Picture> pictures, IReadOnlyDictionary<string, string> listed,
        CancellationToken cancellation)
    {
        var whole = new List<Picture>();
        foreach (var picture in pictures)
        {
            if (!listed.ContainsKey(picture.Name)) throw Damaged(picture.Name, "run.json names this picture, but it was not stored.");
            whole.Add(picture with { Content = await BytesAsync(picture.Name, listed, cancellation) });
        }
        return whole;
    }

    /// <summary>What artifacts.sha256 says: file name to hash.</summary>
    /// <exception cref="ResultDamagedException">The list is missing or is not one.</exception>
    public IReadOnlyDictionary<string, string> Listed()
    {
        var path = PathOf(RunFiles.Artifacts);
        if (!File.Exists(path)) throw Damaged(RunFiles.Artifacts, "the file is missing.");
        var listed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(path))
        {
            if (line.Length < 67 || line[64..66] != "  " || !listed.TryAdd(line[66..], line[..64]))
                throw Damaged(RunFiles.Artifacts, $"the line '{line[..Math.Min(80, line.Length)]}' is not a hash with a file name.");
        }
        if (!listed.ContainsKey(RunFiles.Envelope)) throw Damaged(RunFiles.Artifacts, "run.json is not listed.");
        return listed;
    }

    /// <exception cref="ResultDamagedException">The file is missing or does not have the listed hash.</exception>
    public async Task<byte[]> BytesAsync(string name, IReadOnlyDictionary<string, string> listed, CancellationToken cancellation)
    {
        if (!File.Exists(PathOf(name))) throw Damaged(name, "the file is missing.");
        var bytes = await File.ReadAllBytesAsync(PathOf(name), cancellation);
        var hash = RunFiles.Hash(bytes);
        return hash == listed[name] ? bytes
            : throw Damaged(name, $"its content has sha-256 {hash[..16]}…, but {listed[name][..16]}… was written.");
    }

    /// <summary>The hash of the list of hashes, which the chain holds.</summary>
    public async Task<string> ArtifactsHashAsync(CancellationToken cancellation) =>
        RunFiles.Hash(await File.ReadAllBytesAsync(PathOf(RunFiles.Artifacts), cancellation));

    public string PathOf(string file) => System.IO.Path.Combine(Path, file);

    async Task<byte[]?> TableOrNullAsync(string name, IReadOnlyDictionary<string, string> listed, CancellationToken cancellation)
    {
        if (!listed.ContainsKey(name)) return null;
        var thinned = !File.Exists(PathOf(name)) && File.Exists(PathOf(RunFiles.Thinned));
        return thinned ? null : await BytesAsync(name, listed, cancellation);
    }

    async Task<T> GuardAsync<T>(string name, Func<Task<T>> read)
    {
        try { return await read(); }
        catch (Exception error) when (error is JsonException or InvalidDataException or IOException or NotSupportedException)
        {
            throw Damaged(name, $"it cannot be read: {error.Message}", error);
        }
    }

    ResultDamagedException Damaged(string name, string message, Exception? inner = null) => new(new(Name, name, message), inner);
}
