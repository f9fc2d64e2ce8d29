using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Quantizing;

namespace Suites.LlmEdge.Families;

/// <summary>Counts multiply-accumulates of a decoder from the lengths of what passes through it.</summary>
/// <param name="precision">What the floats of its matrices stand for; null is what they are.</param>
sealed class DecoderWork(LanguageModel model, ModelPrecision? precision = null)
{
    long _tokens, _pairs, _logits;

    /// <param name="position">Tokens in the cache before.</param>
    /// <param name="logits">How often the classifier ran.</param>
    public void Add(int position, int tokens, int logits)
    {
        _tokens += tokens;
        _logits += logits;
        _pairs += (long)tokens * position + (long)tokens * (tokens + 1) / 2;
    }

    public OperationCounts PerSample(int samples)
    {
        var layers = model.Layers.SelectMany((layer, index) => layer.Matrices
            .Select(named => Linear($"blk.{index}.{named.Name}", named.Matrix, _tokens))
            .Append(Attention($"blk.{index}.attention")));
        return new([.. layers, Linear("output", model.Classifier, _logits)], samples);

        LayerOperations Linear(string name, Matrix matrix, long times)
        {
            var macs = samples == 0 ? 0 : (double)times * matrix.Elements / samples;
            var narrow = precision?.Layers.GetValueOrDefault(matrix);
            return new(name, "linear", macs, 0, macs) { WeightBytes = narrow?.Bytes ?? matrix.Bytes, Bits = narrow?.OperandBits };
        }

        // Scores and sums: each head's width once for either.
        LayerOperations Attention(string name)
        {
            var macs = samples == 0 ? 0 : 2.0 * _pairs * model.Shape.Width / samples;
            return new(name, "attention", macs, 0, macs);
        }
    }
}
