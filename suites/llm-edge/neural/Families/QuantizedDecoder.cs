using Harness.Datasets.Text;
using Suites.LlmEdge.Families;
using Suites.LlmEdge.Neural.Learning;
using Suites.LlmEdge.Quantizing;

namespace Suites.LlmEdge.Neural.Families;

/// <summary>
/// The decoder that is trained here, with its linear layers quantized afterwards. The numbers stay floats: its score is that of so many
/// bits, its speed is not. The training part calibrates.
/// </summary>
public sealed record QuantizedDecoder(DecoderTraining? Training = null, Quantization? Quantization = null)
    : IModelFamily<TextSample, TextPrediction>
{
    public DecoderTraining Training { get; init; } = Training ?? new();

    public Quantization Quantization { get; init; } = Quantization ?? new();

    public FamilyCard Card => new("quantized-decoder", 1, "Byte decoder, quantized")
    {
        Kind = "ann",
        Summary = "The byte decoder with linear layers rounded to few bits after training; embedding and norms stay floats.",
        Paper = Quantizations.Papers,
        Link = "https://arxiv.org/abs/2210.17323",
        Equations = Quantizations.Equations,
    };

    /// <exception cref="TrainingFailedException">The texts are shorter than the context, or training diverged.</exception>
    public IModel<TextSample, TextPrediction> Prepare(TrainingData<TextSample> data, RunContext context)
    {
        using var trained = TrainedModel.Of(Training, data, context);
        return Quantizations.Prepare(trained, Quantization, data, context);
    }
}
