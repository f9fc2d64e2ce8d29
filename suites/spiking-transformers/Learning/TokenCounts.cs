using Harness.Datasets;
using Harness.Torch;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>
/// Bags of tokens as [samples, vocabulary]: ln(1 + how often the token occurs). Order is lost on purpose. A token that training never
/// showed is not counted.
/// </summary>
sealed record TokenCounts(int Vocabulary) : IEncoder<TokenSequence>
{
    public static TokenCounts Of(TrainingData<TokenSequence> data)
    {
        var largest = -1;
        foreach (var sequence in data.Training)
            foreach (var token in sequence.Tokens.Span)
                largest = Math.Max(largest, token);
        return largest >= 0 ? new(largest + 1)
            : throw new TrainingFailedException("The training sequences hold no tokens; a bag of tokens cannot be made of them.");
    }

    public Tensor Encode(IReadOnlyList<TokenSequence> samples)
    {
        var counts = new float[samples.Count * Vocabulary];
        for (var index = 0; index < samples.Count; index++)
            foreach (var token in samples[index].Tokens.Span)
                if ((uint)token < Vocabulary) counts[index * Vocabulary + token]++;
        using var given = tensor(counts, [samples.Count, Vocabulary]);
        // A tensor of its own: that of an array lies where the array does, and products may round by where their operands lie.
        return given.log1p();
    }

    public Tensor EncodeVaried(IReadOnlyList<TokenSequence> samples, SampleOrder chance) => Encode(samples);
}
