using System.Text;
using Harness.Datasets.Text;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Quantizing;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Families;

using Decoder = Suites.LlmEdge.Decoding.Decoder;

/// <summary>
/// A language model on the engine. Of each text it first reads the prompt, which is timed as one call of stage <c>prefill</c> with the
/// first
/// token drawn, then makes tokens, each a call of stage <c>decode</c>, then scores the text, as stage <c>score</c>.
/// </summary>
sealed class DecodedModel : IModel<TextSample, TextPrediction>, IStagedModel
{
    readonly LanguageModel _model;
    readonly Decoder _decoder, _scorer;
    readonly Sampling _sampling;
    readonly RunContext _context;
    readonly int _prompt, _generate;
    readonly ModelPrecision? _precision;
    readonly List<Timed> _stages = [];

    /// <param name="model">Becomes its own.</param>
    /// <param name="footprint">What to state where the weights stand for fewer ones; null is what they are.</param>
    /// <param name="precision">What its floats stand for where they stand for narrower ones; null is what they are.</param>
    /// <param name="making">Computes feed-forward layers of tokens that are made; null leaves them to the decoder.</param>
    /// <param name="scoring">The same of tokens that are scored, which then come one by one.</param>
    public DecodedModel(LanguageModel model, Sampling sampling, int prompt, int generate, RunContext context,
        Footprint? footprint = null, ModelPrecision? precision = null, IFeedForward? making = null, IFeedForward? scoring = null)
    {
        (_model, _sampling, _prompt, _generate, _context, _precision) = (model, sampling, prompt, generate, context, precision);
        _decoder = new(model, new(context.Threads, CacheBits: precision?.CacheBits))
        {
            Watch = precision?.Inputs is { } inputs ? inputs.Round : null, OneByOne = making,
        };
        _scorer = scoring is null ? _decoder : new(model, new(context.Threads, Batch: 1)) { OneByOne = scoring };
        Footprint = footprint ?? precision?.Footprint ?? new(model.Parameters, model.Bytes, 8.0 * model.Bytes / model.Parameters);
    }

    public Footprint Footprint { get; }

    public IReadOnlyList<Timed> TakeStages()
    {
        Timed[] taken = [.. _stages];
        _stages.Clear();
        return taken;
    }

    public IReadOnlyList<TextPrediction> Predict(IReadOnlyList<TextSample> batch)
    {
        _stages.Clear();
        return [.. batch.Select(text => Of(text, null))];
    }

    public OperationCounts Count(IReadOnlyList<TextSample> batch)
    {
        var work = new DecoderWork(_model, _precision);
        foreach (var text in batch) Of(text, work);
        _stages.Clear();
        return work.PerSample(batch.Count);
    }

    TextPrediction Of(TextSample text, DecoderWork? work)
    {
        _context.Cancellation.ThrowIfCancellationRequested();
        var tokens = _model.Tokenizer.EncodeWhole(Encoding.UTF8.GetString(text.Utf8.Span));
        var emitted = Continue([.. tokens.Take(_prompt)], work);
        var start = _context.Time.GetTimestamp();
        var score = Windows(tokens, work).Select(_scorer.Score).Aggregate(new TextScore(), (sum, one) => sum + one);
        if (score.Tokens > 0) Timed("score", score.Tokens, start);
        return new(score.Tokens, score.Nats, score.Hits, text.Utf8.Length, emitted, _model.Tokenizer.Decode(emitted));
    }

    // The sampler begins anew with each text: an answer depends on its text alone.
    List<int> Continue(int[] prompt, DecoderWork? work)
    {
        var (sampler, emitted) = (new Sampler(_sampling, _model.Shape.Vocabulary, unchecked((ulong)_context.Seed)), new List<int>());
        if (prompt.Length == 0) return emitted;
        _decoder.Reset();
        var start = _context.Time.GetTimestamp();
        var token = sampler.Draw(_decoder.Append(prompt));
        Timed("prefill", prompt.Length, start);
        work?.Add(0, prompt.Length, logits: 1);
        while (token != _model.Tokenizer.End && token != _model.Tokenizer.Begin)
        {
            emitted.Add(token);
            if (emitted.Count >= _generate || _decoder.Position >= _decoder.Context) break;
            work?.Add(_decoder.Position, 1, logits: 1);
            start = _context.Time.GetTimestamp();
            token = sampler.Draw(_decoder.Append(token));
            Timed("decode", 1, start);
        }
        return emitted;
    }

    IEnumerable<IReadOnlyList<int>> Windows(IReadOnlyList<int> tokens, DecoderWork? work)
    {
        foreach (var window in TokenWindows.Of(_model.Tokenizer, tokens, _scorer.Context))
        {
            work?.Add(0, window.Count - 1, window.Count - 1);
            yield return window;
        }
    }

    void Timed(string stage, int tokens, long start) =>
        _stages.Add(new(stage, tokens, (long)_context.Time.GetElapsedTime(start).TotalNanoseconds));

    public void Dispose()
    {
        _scorer.Dispose();
        _decoder.Dispose();
        _model.Dispose();
    }
}
