using Harness.Datasets.Text;
using Suites.LlmEdge.Quantizing;

namespace Suites.LlmEdge.Families;

/// <summary>
/// The story teller with its linear layers quantized. The numbers stay floats: its score is that of so many bits, its speed is not. The
/// training part calibrates.
/// </summary>
public sealed record QuantizedStories(Quantization? Quantization = null) : IModelFamily<TextSample, TextPrediction>
{
    public Quantization Quantization { get; init; } = Quantization ?? new();

    public FamilyCard Card => new("quantized-stories", 2, "Stories 260K, quantized")
    {
        Kind = "ann",
        Summary = "Stories 260K with linear layers rounded to few bits; embedding and norms stay floats.",
        Paper = Quantizations.Papers,
        Link = "https://arxiv.org/abs/2210.17323",
        Equations = Quantizations.Equations,
    };

    /// <exception cref="DataUnavailableException">The published weights cannot be had.</exception>
    public IModel<TextSample, TextPrediction> Prepare(TrainingData<TextSample> data, RunContext context)
    {
        using var published = PublishedModel.Stories(context);
        return Quantizations.Prepare(published, Quantization, data, context);
    }
}
