using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Harness.Results.Tables;

namespace Harness.Results.Storage;

/// <summary>The files of one run in memory: made from a record before anything touches the disk, or read back and checked.</summary>
sealed record RunFiles(IReadOnlyDictionary<string, byte[]> Content)
{
    public const string Envelope = "run.json";
    public const string Artifacts = "artifacts.sha256";

    public string RunHash => Hash(Content[Envelope]);
    public string ArtifactsHash => Hash(Content[Artifacts]);
    public long Bytes => Content.Values.Sum(bytes => bytes.LongLength);

    /// <summary>run.json, the tables that have rows, whatever <paramref name="seal"/> adds to run.json, and the list of all of
    /// them.</summary>
    /// <exception cref="HarnessException">The record holds a number that JSON cannot hold, or a sample without a prediction.</exception>
    public static async Task<RunFiles> FromAsync(RunRecord run, IRunSeal? seal, CancellationToken cancellation)
    {
        Check(run);
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal) { [Envelope] =
            Encoding.UTF8.GetBytes(CanonicalJson.Write(run)) };
        if (run.Samples.Count > 0) files[SampleTable.FileName] = await SampleTable.WriteAsync(run.Samples, cancellation);
        if (run.Timings.Count > 0) files[TimingTable.FileName] = await TimingTable.WriteAsync(run.Timings, cancellation);
        if (seal is not null) files[seal.FileName] = seal.Seal(files[Envelope]);
        files[Artifacts] = Encoding.UTF8.GetBytes(string.Concat(files.Select(file => $"{Hash(file.Value)}  {file.Key}\n")));
        return new(files);
    }

    public static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Reads a stored run; every file it reads is compared with the list of hashes.</summary>
    /// <exception cref="ResultDamagedException">A file is missing, changed or unreadable.</exception>
    public static async Task<RunRecord> ReadAsync(string store, string folder, bool detail, CancellationToken cancellation)
    {
        var listed = Listed(store, folder);
        var envelope = await BytesAsync(store, folder, Envelope, listed, cancellation);
        var run = await GuardAsync(folder, Envelope, () => Task.FromResult(
            JsonSerializer.Deserialize<RunRecord>(envelope, CanonicalJson.Options) ?? throw new JsonException("it is null")));
        if (!detail) return run;
        if (listed.ContainsKey(SampleTable.FileName))
        {
            var samples = await BytesAsync(store, folder, SampleTable.FileName, listed, cancellation);
            run = run with { Samples = await GuardAsync(folder, SampleTable.FileName, () => SampleTable.ReadAsync(samples, cancellation)) };
        }
        if (listed.ContainsKey(TimingTable.FileName))
        {
            var timings = await BytesAsync(store, folder, TimingTable.FileName, listed, cancellation);
            run = run with { Timings = await GuardAsync(folder, TimingTable.FileName, () => TimingTable.ReadAsync(timings, cancellation)) };
        }
        return run;
    }

    /// <summary>What artifacts.sha256 says: file name to hash.</summary>
    /// <exception cref="ResultDamagedException">The list is missing or is not one.</exception>
    public static IReadOnlyDictionary<string, string> Listed(string store, string folder)
    {
        var path = Path.Combine(store, folder, Artifacts);
        if (!File.Exists(path)) throw Damaged(folder, Artifacts, "the file is missing.");
        var listed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(path))
        {
            if (line.Length < 67 || line[64..66] != "  " || !listed.TryAdd(line[66..], line[..64]))
                throw Damaged(folder, Artifacts, $"the line '{line[..Math.Min(80, line.Length)]}' is not a hash with a file name.");
        }
        if (!listed.ContainsKey(Envelope)) throw Damaged(folder, Artifacts, "run.json is not listed.");
        return listed;
    }

    /// <exception cref="ResultDamagedException">The file is missing or does not have the listed hash.</exception>
    public static async Task<byte[]> BytesAsync(string store, string folder, string name, IReadOnlyDictionary<string, string> listed,
        CancellationToken cancellation)
    {
        var path = Path.Combine(store, folder, name);
        if (!File.Exists(path)) throw Damaged(folder, name, "the file is missing.");
        var bytes = await File.ReadAllBytesAsync(path, cancellation);
        var hash = Hash(bytes);
        return hash == listed[name] ? bytes
            : throw Damaged(folder, name, $"its content has sha-256 {hash[..16]}…, but {listed[name][..16]}… was written.");
    }

    static async Task<T> GuardAsync<T>(string folder, string name, Func<Task<T>> read)
    {
        try { return await read(); }
        catch (Exception error) when (error is JsonException or InvalidDataException or IOException or NotSupportedException)
        {
            throw Damaged(folder, name, $"it cannot be read: {error.Message}", error);
        }
    }

    static ResultDamagedException Damaged(string folder, string name, string message, Exception? inner = null) =>
        new(new(folder, name, message), inner);

    static void Check(RunRecord run)
    {
        RunName.Check(run.RunId);
        foreach (var metric in run.Metrics)
            if (new[] { metric.Value, metric.Low ?? 0, metric.High ?? 0 }.Any(value => !double.IsFinite(value)))
                throw new HarnessException(
                    $"The metric '{metric.Metric}' of run {run.RunId} is {metric.Value} [{metric.Low}, {metric.High}]: a stored " +
                    "number is finite. Leave the metric out and store a reading with a reason instead.");
        foreach (var reading in run.Readings)
            if (reading.Value is { } value && !double.IsFinite(value))
                throw new HarnessException(
                    $"The reading '{reading.Metric}' of run {run.RunId} is {value}: store no value and a reason instead.");
        foreach (var sample in run.Samples)
            if (sample.Prediction.ValueKind == JsonValueKind.Undefined)
                throw new HarnessException($"Sample {sample.Sample} of run {run.RunId} has no prediction: predictions are always stored.");
    }
}

/// <summary>Adds a proof of origin beside run.json, such as a signature.</summary>
public interface IRunSeal
{
    string FileName { get; }
    byte[] Seal(byte[] envelope);
}
