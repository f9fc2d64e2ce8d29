using Harness.Datasets;
using Suites.LlmEdge.Kernels;

namespace Suites.LlmEdge.Pruning.Decoders;

/// <summary>A decoder and the sequences on which its loss is asked for.</summary>
/// <param name="sequences">Of equal lengths, two tokens at least.</param>
sealed class PrunableDecoder(DenseDecoder decoder, IReadOnlyList<int[]> sequences, DenseProduct product) : IPrunable
{
    public IReadOnlyList<PrunedLayer> Layers { get; } = decoder.Layers;

    public ILossBatch Draw(int samples, Chance chance)
    {
        int[][] drawn = [.. sequences];
        chance.Shuffle(drawn.AsSpan());
        return new Batch(new(decoder, product, drawn[..Math.Min(samples, drawn.Length)]));
    }

    sealed class Batch(DecoderPass pass) : ILossBatch
    {
        public double Loss() => pass.Forward();

        public IEnumerable<(PrunedLayer, LossTrace)> Traces()
        {
            var (loss, starts) = (pass.Forward(), pass.Starts);
            foreach (var (layer, inputs, errors) in pass.Back())
                yield return (layer, new(loss, starts, Turned(inputs, layer.Width), Turned(errors, layer.Rows)));
        }

        static float[] Turned(float[] values, int units)
        {
            var turned = new float[values.Length];
            DenseProduct.Transpose(values, values.Length / units, units, turned);
            return turned;
        }
    }
}
