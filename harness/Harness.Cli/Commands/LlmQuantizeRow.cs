using System.Globalization;
using Harness.Agent.Measuring.Energy;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Quantizing;
using Suites.LlmEdge.Quantizing.Rounding;

namespace Harness.Cli.Commands;

/// <summary>One quantization of a model, or the model as it is.</summary>
/// <param name="Quantization">Null for the model as it is.</param>
/// <param name="Macs">Of linear layers and classifier for a token; attention is left out.</param>
sealed record LlmQuantizeRow(Quantization? Quantization, QuantizationReport Report, long Macs)
{
    const int CodeBits = 8;

    public static IReadOnlyList<string> Columns { get; } =
        ["quantization", "perplexity", "bits/weight", "bytes/token", "SQNR dB", "least SQNR", "uJ/token"];

    public static LlmQuantizeRow Full(LanguageModel model, string text, int threads) => new(null,
        QuantizationReport.Of(model, text, threads), MacsOf(model.Shape));

    public IReadOnlyList<string> Cells =>
    [
        Name, Text(Report.Perplexity, "0.000"), Text(Report.Footprint.BitsPerWeight, "0.00"), Text(Report.BytesPerToken, "0"),
        Noise.Count == 0 ? "-" : Text(Noise.Average(), "0.0"), Noise.Count == 0 ? "-" : Text(Noise.Min(), "0.0"),
        Text(Arithmetic + DramLow, "0.0") + "-" + Text(Arithmetic + DramHigh, "0.0"),
    ];

    /// <summary>Cells of a table of layers.</summary>
    public IEnumerable<IReadOnlyList<string>> Layers => Report.Layers.Select(layer => (IReadOnlyList<string>)
        [Name, layer.Name, Text(layer.BitsPerWeight, "0.00"), layer.SignalToNoise is { } noise ? Text(noise, "0.0") : "-"]);

    List<double> Noise => [.. Report.Layers.Select(layer => layer.SignalToNoise).OfType<double>()];

    /// <summary>
    /// Microjoules of the multiplications (Horowitz, ISSCC 2014, 45 nm): floats unless weights and inputs are whole numbers, whose products
    /// then cost in proportion to the widths of both factors, and a 32-bit sum.
    /// </summary>
    double Arithmetic => 1e-6 * Macs * (Quantization is { Activations: not ActivationGrid.Float } narrow
        ? Horowitz.Int8Multiply * (narrow.AverageBits ?? narrow.Bits) * narrow.ActivationBits / (CodeBits * CodeBits) + Horowitz.Int32Add
        : Horowitz.Float32Mac);

    double DramLow => 1e-6 * Report.BytesPerToken / sizeof(double) * Horowitz.DramLow;

    double DramHigh => 1e-6 * Report.BytesPerToken / sizeof(double) * Horowitz.DramHigh;

    bool HasWidth => Quantization?.Method is not (RoundingMethod.Ternary or RoundingMethod.Binary);

    string Name => Quantization is not { } knobs ? "none" : string.Join(' ', new[]
    {
        knobs.AverageBits is { } average ? $"mixed {Text(average, "0.#")} bits" : HasWidth ? $"{knobs.Bits} bits" : null, $"{knobs.Method}",
        knobs.LargestFirst ? "largest first" : null, knobs.Scaling == ChannelScaling.None ? null : $"{knobs.Scaling}",
        knobs.Granularity == Granularity.Group ? $"group {knobs.Group}" : $"{knobs.Granularity}",
        knobs.Activations == ActivationGrid.Float ? null : $"inputs {knobs.ActivationBits} bits {knobs.Activations}",
        knobs.CacheBits is { } cache ? $"cache {cache} bits" : null,
    }.OfType<string>()).ToLowerInvariant();

    static long MacsOf(ModelShape shape) => (long)shape.Layers * (2L * shape.Width * shape.Width + 2L * shape.Width * shape.KeyWidth
        + 3L * shape.Width * shape.Hidden) + (long)shape.Vocabulary * shape.Width;

    static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
