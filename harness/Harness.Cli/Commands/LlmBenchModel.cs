using System.Globalization;
using System.Text.Json.Nodes;
using Harness.Agent.Running;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Offloading.Streaming;

namespace Harness.Cli.Commands;

/// <summary>A cap that this process is under.</summary>
sealed record LlmCap(MemoryCap Cap, long Bytes);

/// <summary>What was read so far.</summary>
/// <param name="Device">Bytes that the kernel fetched from devices for this process; null where it does not tell.</param>
sealed record LlmReading(long? Device, StreamingUse Neurons);

/// <summary>A model to be timed, with its neurons in memory, mapped from its file, or streamed from a file of their own.</summary>
sealed class LlmBenchModel : IDisposable
{
    readonly LlmCap? _cap;
    readonly StreamingOptions? _streaming;
    readonly StreamedModel? _streamed;

    public LlmBenchModel(string path, LanguageModel model, LlmCap? cap, FileInfo? neurons, Func<LanguageModel, StreamingOptions> streaming)
    {
        (Path, Model, _cap) = (path, model, cap);
        if (neurons is null) return;
        try
        {
            _streaming = streaming(model);
            _streamed = StreamedModel.Open(model, neurons, _streaming);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    public string Path { get; }
    public LanguageModel Model { get; }

    public Decoder NewDecoder(DecoderOptions options) => _streamed is null ? new(Model, options) : _streamed.NewDecoder(options);

    public LlmReading Use() => new(DeviceBytesOrNull(), _streamed?.Use ?? default);

    public LlmMemoryUse? Since(LlmReading before) => _cap is null && _streamed is null ? null
        : new(_cap?.Bytes, _cap?.Cap.PeakOrNull, DeviceBytesOrNull() - before.Device,
            _streamed is null ? null
                : new(_streamed.Use - before.Neurons, _streaming!, _streamed.NeuronBytes, _streamed.PredictorBytes));

    static long? DeviceBytesOrNull()
    {
        const string Key = "read_bytes:";
        if (!File.Exists("/proc/self/io")) return null;
        return File.ReadLines("/proc/self/io").FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal)) is { } found
            && long.TryParse(found.AsSpan(Key.Length).Trim(), CultureInfo.InvariantCulture, out var bytes) ? bytes : null;
    }

    public void Dispose()
    {
        _streamed?.Dispose();
        Model.Dispose();
        _cap?.Cap.Dispose();
    }
}

/// <param name="Held">Bytes of neurons that memory has room for.</param>
/// <param name="Predictors">Bytes of what foresees them.</param>
sealed record LlmNeurons(StreamingUse Use, StreamingOptions Options, long Held, long Predictors);

/// <summary>What the timed repetitions of a test needed of memory and devices, with the tokens before them.</summary>
/// <param name="CapBytes">Null where memory was not capped.</param>
/// <param name="PeakBytes">Most bytes in use under the cap.</param>
/// <param name="DeviceBytes">Bytes that the kernel fetched from devices; null where it does not tell.</param>
/// <param name="Neurons">Null where none were streamed.</param>
sealed record LlmMemoryUse(long? CapBytes, long? PeakBytes, long? DeviceBytes, LlmNeurons? Neurons)
{
    public static IReadOnlyList<string> Columns => ["memory peak / cap", "read from device", "neurons asked / read"];

    public IReadOnlyList<string> Cells =>
    [
        $"{Megabytes(PeakBytes)} / {Megabytes(CapBytes)}", Megabytes(DeviceBytes),
        Neurons is { Use: { Neurons: > 0 } use } ? $"{Percent(use.Asked, use.Neurons)} / {Percent(use.Reads, use.Neurons)}" : "–",
    ];

    public void AddTo(JsonObject row)
    {
        (row["memory_cap_bytes"], row["memory_peak_bytes"], row["device_read_bytes"]) = (CapBytes, PeakBytes, DeviceBytes);
        if (Neurons is not var (use, options, held, predictors)) return;
        (row["neuron_tokens"], row["neurons"], row["neurons_asked"], row["neurons_open"]) = (use.Tokens, use.Neurons, use.Asked, use.Open);
        (row["neuron_reads"], row["neuron_read_bytes"], row["neuron_bytes_held"]) = (use.Reads, use.ReadBytes, held);
        (row["predictor_bytes"], row["fixed_share"], row["read_threads"]) = (predictors, options.FixedShare, options.ReadThreads);
    }

    static string Megabytes(long? bytes) => bytes is { } known ? (known / 1e6).ToString("0", CultureInfo.InvariantCulture) + " MB" : "–";

    static string Percent(long part, long whole) => (100.0 * part / whole).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
