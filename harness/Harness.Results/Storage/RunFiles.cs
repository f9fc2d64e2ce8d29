using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Harness.Results.Signing;
using Harness.Results.Tables;

namespace Harness.Results.Storage;

/// <summary>The files of one run in memory, made from a record before anything touches the disk.</summary>
sealed record RunFiles(IReadOnlyDictionary<string, byte[]> Content)
{
    public const string Envelope = "run.json";
    public const string Artifacts = "artifacts.sha256";
    /// <summary>Says which files of a run were deleted on purpose; the chain says so too.</summary>
    public const string Thinned = "thinned.json";

    static ReadOnlySpan<byte> Png => [0x89, (byte)'P', (byte)'N', (byte)'G'];

    public string RunHash => Hash(Content[Envelope]);
    public string ArtifactsHash => Hash(Content[Artifacts]);
    public long Bytes => Content.Values.Sum(bytes => bytes.LongLength);

    /// <summary>run.json, the tables that have rows, the attachments, a signature over all of them, and the list of all.</summary>
    /// <exception cref="HarnessException">The record holds a number that JSON cannot hold, or a sample without a prediction.</exception>
    public static async Task<RunFiles> FromAsync(RunRecord run, IReadOnlyDictionary<string, byte[]> attachments, SigningKey? key,
        CancellationToken cancellation)
    {
        Check(run);
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal)
        {
            [Envelope] = Encoding.UTF8.GetBytes(CanonicalJson.Write(run)),
        };
        if (run.Samples.Count > 0) files[SampleTable.FileName] = await SampleTable.WriteAsync(run.Samples, ProtocolHash(run), cancellation);
        if (run.Timings.Count > 0) files[TimingTable.FileName] = await TimingTable.WriteAsync(run.Timings, cancellation);
        if (run.Traces.Any(trace => trace.Seconds.Count > 0))
            files[TelemetryTable.FileName] = await TelemetryTable.WriteAsync(run.Traces, cancellation);
        foreach (var picture in run.Pictures ?? []) Attach(files, picture.Name, picture.Content.ToArray());
        foreach (var (name, content) in attachments) Attach(files, name, content);
        if (key is not null) files[RunSignature.FileName] = RunSignature.Of(List(files), key);
        files[Artifacts] = Encoding.UTF8.GetBytes(List(files));
        return new(files);
    }

    public static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Hash of everything that the dataset pins; null for a run without a dataset card.</summary>
    public static string? ProtocolHash(RunRecord run) => run.Dataset is { } card ? CanonicalJson.Hash(card) : null;

    static string List(SortedDictionary<string, byte[]> files) => string.Concat(files.Select(file => $"{Hash(file.Value)}  {file.Key}\n"));

    static void Attach(SortedDictionary<string, byte[]> files, string name, byte[] content)
    {
        var plain = name.Length is > 0 and <= 60 && name[0] != '.'
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-');
        if (!plain || name is RunSignature.FileName or Artifacts or Thinned || !files.TryAdd(name, content))
            throw new HarnessException(
                $"'{name}' cannot be attached to a run: use a new name of lower-case letters, digits, dots and dashes.");
    }

    static void Check(RunRecord run)
    {
        RunName.Check(run.RunId);
        foreach (var metric in run.Metrics)
            if (new[] { metric.Value, metric.Low ?? 0, metric.High ?? 0 }.Any(value => !double.IsFinite(value)))
                throw new HarnessException(
                    $"The metric '{metric.Metric}' of run {run.RunId} is {metric.Value} [{metric.Low}, {metric.High}]: "
                    + "a stored number is finite. Leave the metric out and store a reading with a reason instead.");
        foreach (var reading in run.Readings)
            if (reading.Value is { } value && !double.IsFinite(value))
                throw new HarnessException($"The reading '{reading.Metric}' of run {run.RunId} is {value}: "
                    + "store no value and a reason instead.");
        foreach (var picture in run.Pictures ?? [])
            if (!picture.Content.Span.StartsWith(Png) || picture.Frames < 1 || picture.Height % Math.Max(1, picture.Frames) != 0)
                throw new HarnessException($"The picture '{picture.Name}' of run {run.RunId} is no PNG file, or its {picture.Height} rows "
                    + $"are not {picture.Frames} frames of equal height. Pictures are stored with their content.");
        foreach (var sample in run.Samples)
            if (sample.Prediction.ValueKind == JsonValueKind.Undefined)
                throw new HarnessException($"Sample {sample.Sample} of run {run.RunId} has no prediction: predictions are always stored.");
    }
}
