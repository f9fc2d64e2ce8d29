using System.ComponentModel.DataAnnotations;
using Suites.LlmEdge.Quantizing.Rounding;

namespace Suites.LlmEdge.Quantizing;

/// <summary>What happens to weights before they are rounded.</summary>
public enum ChannelScaling
{
    None,
    /// <summary>Columns of strong inputs are rounded more finely.</summary>
    Awq,
    /// <summary>Outliers of inputs are handed on to weights.</summary>
    SmoothQuant,
}

/// <summary>How a model is quantized. Numbers stay floats: scores are those of so many bits, speed is not.</summary>
/// <param name="Bits">Of a weight of a linear layer.</param>
/// <param name="Method">How weights are rounded.</param>
/// <param name="Scaling">What is folded into the weights before.</param>
/// <param name="Symmetric">Whether grids lie evenly about zero; otherwise they have an offset.</param>
/// <param name="Granularity">Weights that share a grid; GPTQ cannot do with one for all of a matrix.</param>
/// <param name="Group">Weights of a row in a group.</param>
/// <param name="Calibration">How the range of a grid is found.</param>
/// <param name="LargestFirst">GPTQ takes columns in the order of falling input power (act-order).</param>
/// <param name="Migration">α of SmoothQuant.</param>
/// <param name="Activations">How inputs of linear layers are rounded.</param>
/// <param name="ActivationBits">Of an input, where they are rounded.</param>
/// <param name="CacheBits">Of a key or a value, each head and position with a grid of its own; null keeps floats.</param>
/// <param name="AverageBits">
/// Mixed precision: every matrix gets 2 to 8 bits, by what it costs on calibration texts, within the size that uniform grids of so many
/// bits would have. Null gives all the same.
/// </param>
/// <param name="Windows">Most windows of the training part, each of the model's context, that calibrate.</param>
public sealed record Quantization(
    [property: Range(2, 8)] int Bits = 4,
    RoundingMethod Method = RoundingMethod.Gptq,
    ChannelScaling Scaling = ChannelScaling.None,
    bool Symmetric = true,
    Granularity Granularity = Granularity.Group,
    [property: Range(8, 16_384)] int Group = 32,
    Calibration Calibration = Calibration.MinMax,
    bool LargestFirst = false,
    [property: Range(0.0, 1.0)] double Migration = 0.5,
    ActivationGrid Activations = ActivationGrid.Float,
    [property: Range(2, 8)] int ActivationBits = 8,
    [property: Range(2, 8)] int? CacheBits = null,
    [property: Range(2.0, 8.0)] double? AverageBits = null,
    [property: Range(1, 100_000)] int Windows = 32) : IValidatableObject
{
    /// <summary>What a knob cannot say alone.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Method == RoundingMethod.Gptq && Granularity == Granularity.Tensor)
            yield return new("granularity channel or group with method gptq", [nameof(Granularity)]);
        if (AverageBits is not null && Method is RoundingMethod.Ternary or RoundingMethod.Binary)
            yield return new("averageBits only with methods of several widths", [nameof(AverageBits)]);
    }

    internal Quantizer QuantizerOf(int bits) => new(bits, Symmetric, Granularity, Group, Calibration);
}
