using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Quantizing;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Tests.Quantizing;

/// <summary>The published story teller: two stories calibrate, three judge.</summary>
sealed class Judged : IDisposable
{
    public Judged()
    {
        Model = TestData.StoriesOrSkip();
        var stories = TestData.FiveStoriesOrSkip().Select(story => Model.Tokenizer.EncodeWhole(story)).ToList();
        (Calibration, Judging) = (stories[..2], stories[2..]);
    }

    public LanguageModel Model { get; }
    public IReadOnlyList<IReadOnlyList<int>> Calibration { get; }
    public IReadOnlyList<IReadOnlyList<int>> Judging { get; }

    public static QuantizedModel Quantized(LanguageModel model, Quantization quantization, IReadOnlyList<IReadOnlyList<int>> windows) =>
        ModelQuantizing.Of(model, quantization, windows, TestContext.Current.CancellationToken);

    public double Perplexity(Quantization quantization) => Perplexity(Model, quantization);

    public double Perplexity(LanguageModel model, Quantization quantization)
    {
        var (quantized, precision) = Quantized(model, quantization, Calibration);
        using var _ = quantized;
        return Perplexity(quantized, precision);
    }

    public double Perplexity(LanguageModel model, ModelPrecision? precision = null)
    {
        using var decoder = new Decoder(model, new(CacheBits: precision?.CacheBits))
        {
            Watch = precision?.Inputs is { } inputs ? inputs.Round : null,
        };
        var score = Judging.Select(story => decoder.Score(story)).Aggregate((sum, one) => sum + one);
        return score.Perplexity;
    }

    public static void Say(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);

    public void Dispose() => Model.Dispose();
}
