using Suites.LlmEdge.Kernels;

namespace Suites.LlmEdge.Quantizing;

/// <summary>How narrow the numbers are that a decoder's floats stand for.</summary>
/// <param name="Footprint">Of the model with codes instead of floats.</param>
/// <param name="Layers">By the matrix of each linear layer.</param>
/// <param name="Inputs">Rounds inputs; null leaves them alone.</param>
sealed record ModelPrecision(Footprint Footprint, IReadOnlyDictionary<Matrix, LayerPrecision> Layers, ActivationRounding? Inputs = null,
    int? CacheBits = null);

/// <param name="OperandBits">Of weights and inputs where both are whole numbers times a scale; null elsewhere.</param>
/// <param name="SignalToNoise">In dB, of the layer's outputs on calibration texts with rounded weights; null without such texts.</param>
sealed record LayerPrecision(string Name, double BitsPerWeight, long Bytes, int? OperandBits, double? SignalToNoise);
