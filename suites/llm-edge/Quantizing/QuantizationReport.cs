using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Quantizing;

/// <param name="SignalToNoise">In dB, of the layer's outputs on calibration texts with rounded weights; null without such texts.</param>
public sealed record QuantizedLayer(string Name, double BitsPerWeight, double? SignalToNoise);

/// <summary>What a quantization costs a model on a text.</summary>
/// <param name="Tokens">Tokens of the text that were foreseen.</param>
/// <param name="Footprint">With codes instead of floats.</param>
/// <param name="BytesPerToken">Bytes of weights that a decoded token reads, as codes.</param>
public sealed record QuantizationReport(double Perplexity, int Tokens, Footprint Footprint, long BytesPerToken,
    IReadOnlyList<QuantizedLayer> Layers)
{
    /// <summary>Of the model as it is.</summary>
    public static QuantizationReport Of(LanguageModel model, string text, int threads)
    {
        var score = Score(model, null, text, threads);
        return new(score.Perplexity, score.Tokens, new(model.Parameters, model.Bytes, 8.0 * model.Bytes / model.Parameters),
            model.BytesPerToken, []);
    }

    /// <param name="calibration">Texts of the same kind that are not judged on.</param>
    /// <exception cref="HarnessException">The method needs calibration texts and there are none, or cannot do with a knob.</exception>
    public static QuantizationReport Of(LanguageModel model, Quantization quantization, IEnumerable<string> calibration, string text,
        int threads, CancellationToken cancellation)
    {
        var windows = TokenWindows.Spread(model.Tokenizer, calibration, model.Shape.Context, quantization.Windows);
        var (quantized, precision) = ModelQuantizing.Of(model, quantization, windows, cancellation);
        using var _ = quantized;
        var score = Score(quantized, precision, text, threads);
        return new(score.Perplexity, score.Tokens, precision.Footprint, model.BytesPerToken + precision.Footprint.Bytes - model.Bytes,
            [.. precision.Layers.Values.Select(layer => new QuantizedLayer(layer.Name, layer.BitsPerWeight, layer.SignalToNoise))]);
    }

    static TextScore Score(LanguageModel model, ModelPrecision? precision, string text, int threads)
    {
        using var decoder = new Decoder(model, new(threads, CacheBits: precision?.CacheBits))
        {
            Watch = precision?.Inputs is { } inputs ? inputs.Round : null,
        };
        return TokenWindows.Of(model.Tokenizer, model.Tokenizer.EncodeWhole(text), decoder.Context).Select(window => decoder.Score(window))
            .Aggregate(new TextScore(), (sum, one) => sum + one);
    }
}
