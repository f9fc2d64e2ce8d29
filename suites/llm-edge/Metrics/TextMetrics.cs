using Harness.Datasets.Text;

namespace Suites.LlmEdge.Metrics;

/// <summary>Sums over all texts before anything is divided, so that long texts count as long ones.</summary>
sealed class TextTally(Func<TextSums, double> total) : ITally<TextSample, TextPrediction>
{
    TextSums _sums = new(0, 0, 0, 0);

    public void Add(TextSample sample, TextPrediction prediction) => _sums = new(_sums.Tokens + prediction.Tokens,
        _sums.Nats + prediction.Nats, _sums.Hits + prediction.Hits, _sums.Bytes + prediction.Bytes);

    public double Total() => total(_sums);
}

sealed record TextSums(long Tokens, double Nats, long Hits, long Bytes);

/// <summary>exp of the mean of -ln p over all tokens of all texts.</summary>
public sealed record Perplexity : IMetric<TextSample, TextPrediction>
{
    public MetricCard Card { get; } = new("perplexity", 1, "Perplexity", "1/token", Direction.Lower)
    {
        Definition = "exp(sum of -ln p(token | tokens before it) / tokens), over all tokens but the first of each window. It "
            + "depends on the vocabulary: compare models of equal tokenizers, or bits per byte.",
        Source = "Jelinek, Mercer, Bahl and Baker: Perplexity, a measure of the difficulty of speech recognition tasks, JASA 62, 1977",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<TextSample, TextPrediction> Begin() => new TextTally(sums => Math.Exp(sums.Nats / sums.Tokens));
}

/// <summary>Information per byte of text, whatever the vocabulary.</summary>
public sealed record BitsPerByte : IMetric<TextSample, TextPrediction>
{
    public MetricCard Card { get; } = new("bits-per-byte", 1, "Bits per byte", "bit/B", Direction.Lower)
    {
        Definition = "Sum of -log2 p over all tokens divided by the UTF-8 bytes of the texts.",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<TextSample, TextPrediction> Begin() => new TextTally(sums => sums.Nats / Math.Log(2) / sums.Bytes);
}

/// <summary>How often the text goes on with the most likely token.</summary>
public sealed record NextTokenAgreement : IMetric<TextSample, TextPrediction>
{
    public MetricCard Card { get; } = new("next-token-agreement", 1, "Next-token agreement", "share", Direction.Higher)
    {
        Definition = "Tokens of the texts that were the most likely ones, of equals the first, divided by all tokens foreseen.",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<TextSample, TextPrediction> Begin() => new TextTally(sums => (double)sums.Hits / sums.Tokens);
}

/// <summary>Turns rates of tokens into rates of text.</summary>
public sealed record BytesPerToken : IMetric<TextSample, TextPrediction>
{
    public MetricCard Card { get; } = new("bytes-per-token", 1, "Text per token", "B/token", Direction.Neutral)
    {
        Definition = "UTF-8 bytes of the texts divided by their tokens. Times tokens per second it is text per second, which compares "
            + "models of different vocabularies.",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<TextSample, TextPrediction> Begin() => new TextTally(sums => (double)sums.Bytes / sums.Tokens);
}
