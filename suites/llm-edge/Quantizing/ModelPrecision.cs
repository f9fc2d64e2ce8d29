using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Quantizing;

/// <summary>How narrow the numbers are that a decoder's floats stand for.</summary>
/// <param name="Footprint">Of the model with codes instead of floats.</param>
/// <param name="Layers">By the matrix of each linear layer.</param>
/// <param name="Inputs">Rounds inputs; null leaves them alone.</param>
sealed record ModelPrecision(Footprint Footprint, IReadOnlyDictionary<Matrix, LayerPrecision> Layers, ActivationRounding? Inputs = null,
    int? CacheBits = null)
{
    /// <summary>The size of a model whose linear layers take what their codes take; all else is held as it is.</summary>
    public static Footprint Size(LanguageModel model, IEnumerable<LayerPrecision> layers)
    {
        var full = NamedMatrices.Of(model).Values.Sum(matrix => matrix.Bytes);
        var bytes = model.Bytes - full + layers.Sum(layer => layer.Bytes);
        return new(model.Parameters, bytes, 8.0 * bytes / model.Parameters);
    }
}

/// <param name="OperandBits">Of weights and inputs where both are whole numbers times a scale; null elsewhere.</param>
/// <param name="SignalToNoise">In dB, of the layer's outputs on calibration texts with rounded weights; null without such texts.</param>
sealed record LayerPrecision(string Name, double BitsPerWeight, long Bytes, int? OperandBits, double? SignalToNoise);
