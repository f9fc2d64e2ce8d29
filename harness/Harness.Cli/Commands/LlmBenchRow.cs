using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Suites.LlmEdge.Bench;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Models;

namespace Harness.Cli.Commands;

/// <summary>One result with the members that llama-bench writes, and after them what it does not measure.</summary>
sealed record LlmBenchRow(LanguageModel Model, string Path, DecoderOptions Options, DateTimeOffset Started, SpeedResult Result)
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public Sampling Sampling { get; init; } = Sampling.Greedy;

    /// <summary>Null where memory was not capped and no neurons were streamed.</summary>
    public LlmMemoryUse? Memory { get; init; }

    string Type => string.Create(CultureInfo.InvariantCulture,
        $"{Model.Shape.Architecture} {Model.Parameters / 1e6:0.##}M {Model.Packing.Name}{(Model.Name is { } name ? " " + name : "")}");

    string Test => (Result.Test.Prompt > 0 ? $"pp{Result.Test.Prompt}" : $"tg{Result.Test.Generate}")
        + (Result.Test.Depth > 0 ? $" @ d{Result.Test.Depth}" : "");

    double Rate => Result.TokensPerSecond.Average();

    public IReadOnlyList<string> Cells =>
    [
        Type, Text(Model.Bytes / 1048576.0, "0.00") + " MiB", Text(Model.Parameters / 1e6, "0.##") + " M", $"{Options.Threads}", Test,
        $"{Text(Rate, "0.00")} ± {Text(Deviation([.. Result.TokensPerSecond]), "0.00")}", Time(0.5), Time(0.99),
        Result.Test.Generate > 0 ? Text(Rate * Model.BytesPerToken * 1e-9, "0.00") + " GB/s" : "–",
        .. Memory?.Cells ?? [],
    ];

    public string ToJson(bool indented)
    {
        double[] times = [.. Result.Samples.Select(sample => (double)sample)], rates = [.. Result.TokensPerSecond];
        var row = new JsonObject
        {
            ["build_commit"] = Origin.Describe("", "", "").Commit, ["build_number"] = 0,
                ["cpu_info"] = Devices.ThisMachine.Describe(null).Processor, ["gpu_info"] = "",
                ["backends"] = "CPU",
            ["model_filename"] = Path, ["model_type"] = Type, ["model_size"] = Model.Bytes, ["model_n_params"] = Model.Parameters,
            ["n_batch"] = Options.Batch, ["n_ubatch"] = Options.Batch, ["n_threads"] = Options.Threads, ["type_k"] = "f32",
                ["type_v"] = "f32",
            ["n_gpu_layers"] = 0, ["use_mmap"] = true, ["n_prompt"] = Result.Test.Prompt, ["n_gen"] = Result.Test.Generate,
            ["n_depth"] = Result.Test.Depth, ["test_time"] = Started.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ",
                CultureInfo.InvariantCulture),
            ["avg_ns"] = Math.Round(times.Average()), ["stddev_ns"] = Math.Round(Deviation(times)), ["avg_ts"] = rates.Average(),
            ["stddev_ts"] = Deviation(rates), ["samples_ns"] = List(times), ["samples_ts"] = List(rates),
        };
        if (Result.Test.Generate > 0)
        {
            row["temperature"] = Sampling.Temperature;
            row["token_p50_ns"] = Result.QuantileOrNull(0.5);
            row["token_p99_ns"] = Result.QuantileOrNull(0.99);
            row["weight_bytes_per_token"] = Model.BytesPerToken;
            row["weight_bytes_per_second"] = rates.Average() * Model.BytesPerToken;
            row["text_bytes_per_second"] = Result.EmittedBytes * rates.Average() / Result.Emitted.Count;
            row["emitted"] = List([.. Result.Emitted.Select(token => (double)token)]);
        }
        Memory?.AddTo(row);
        return row.ToJsonString(indented ? Indented : null);
    }

    string Time(double share) => Result.QuantileOrNull(share) is { } nanoseconds ? Text(nanoseconds * 1e-6, "0.000") + " ms" : "–";

    // Of a sample, as llama-bench states it.
    static double Deviation(double[] values)
    {
        if (values.Length < 2) return 0;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }

    static JsonArray List(double[] values) => [.. values.Select(value => JsonValue.Create(value))];

    static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
