using Harness.Datasets;
using Harness.Torch;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>
/// Sequences of tokens as int64 [samples, <paramref name="Length"/>]: shorter ones end with zeros, longer ones are cut off. A token that
/// training never showed is 0.
/// </summary>
sealed record TokenIds(int Vocabulary, int Length) : IEncoder<TokenSequence>
{
    /// <param name="most">No sequence is longer than this.</param>
    public static TokenIds Of(TrainingData<TokenSequence> data, int most)
    {
        var vocabulary = TokenCounts.Of(data).Vocabulary;
        return new(vocabulary, Math.Min(most, data.Training.Max(sequence => sequence.Tokens.Length)));
    }

    /// <summary>Whether zeros stand before a shorter sequence, for networks that answer after the last step.</summary>
    public bool AtEnd { get; init; }

    public Tensor Encode(IReadOnlyList<TokenSequence> samples)
    {
        var ids = new long[samples.Count * Length];
        for (var index = 0; index < samples.Count; index++)
        {
            var tokens = samples[index].Tokens.Span;
            var count = Math.Min(Length, tokens.Length);
            var first = index * Length + (AtEnd ? Length - count : 0);
            for (var place = 0; place < count; place++)
                if ((uint)tokens[place] < Vocabulary) ids[first + place] = tokens[place];
        }
        return tensor(ids, [samples.Count, Length]);
    }

    public Tensor EncodeVaried(IReadOnlyList<TokenSequence> samples, SampleOrder chance) => Encode(samples);
}

/// <summary>Frames as a whole sequence, [samples, channels, steps]: what may be looked at all at once.</summary>
sealed record WholeFrames(FrameLevels Levels) : IEncoder<FrameSequence>
{
    public Tensor Encode(IReadOnlyList<FrameSequence> samples)
    {
        using var levels = Levels.Encode(samples);
        return levels.transpose(1, 2).contiguous();
    }

    public Tensor EncodeVaried(IReadOnlyList<FrameSequence> samples, SampleOrder chance) => Encode(samples);
}
