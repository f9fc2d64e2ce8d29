using Harness.Datasets;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Bench;

/// <summary>Answers queries of random tokens by the tokens that a model finds most likely.</summary>
public sealed class DecoderServer
{
    readonly LanguageModel _model;
    readonly Decoder _decoder;
    readonly LoadTest _test;
    readonly Sampler _greedy;

    /// <exception cref="HarnessException">Query and answer do not fit into the decoder's context.</exception>
    public DecoderServer(LanguageModel model, Decoder decoder, LoadTest test)
    {
        (_model, _decoder, _test) = (model, decoder, test);
        if (test.Prompt + test.Generate > decoder.Context)
            throw new HarnessException($"{test.Prompt + test.Generate} tokens do not fit into a context of {decoder.Context}.");
        _greedy = new(Sampling.Greedy, model.Shape.Vocabulary, (ulong)test.Seed);
    }

    /// <summary>Of all answers so far: what was timed was made.</summary>
    public long Emitted { get; private set; }

    public int Answer(int query, Action firstToken)
    {
        var chance = new Chance(unchecked((ulong)_test.Seed << 32 | (uint)query));
        int[] prompt = [.. Enumerable.Range(0, _test.Prompt).Select(_ => chance.Below(_model.Shape.Vocabulary))];
        _decoder.Reset();
        var token = _greedy.Draw(_decoder.Append(prompt));
        firstToken();
        for (var made = 1; made < _test.Generate; made++) token = _greedy.Draw(_decoder.Append(token));
        Emitted += _test.Generate;
        return _test.Generate;
    }
}
