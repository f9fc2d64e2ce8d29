using Harness.Datasets.Signals;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Thought;

/// <summary>Bits as int64 [samples, <paramref name="Length"/>].</summary>
sealed record BitIds(int Length) : IEncoder<BitSequence>
{
    /// <exception cref="TrainingFailedException">There is no training sequence.</exception>
    public static BitIds Of(TrainingData<BitSequence> data) => data.Training.Count > 0 ? new(data.Training[0].Length)
        : throw new TrainingFailedException("There are no training sequences; a network needs at least one.");

    public Tensor Encode(IReadOnlyList<BitSequence> samples)
    {
        if (samples.FirstOrDefault(sequence => sequence.Length != Length) is { } other)
            throw new HarnessException($"A sequence has {other.Length} bits, but the model was made for {Length}; give all sequences of a "
                + "dataset one length.");
        return Tensor(samples, sequence => sequence.Bits);
    }

    public Tensor EncodeVaried(IReadOnlyList<BitSequence> samples, SampleOrder chance) => Encode(samples);

    public static Tensor Tensor(IReadOnlyList<BitSequence> samples, Func<BitSequence, ReadOnlyMemory<byte>> part) =>
        tensor(samples.SelectMany(sequence => part(sequence).ToArray()).Select(bit => (long)bit).ToArray(),
            [samples.Count, samples[0].Length]);
}
