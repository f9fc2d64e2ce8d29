using System.ComponentModel.DataAnnotations;
using Harness.Datasets.Text;
using Suites.LlmEdge.Families;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Neural.Learning;
using Suites.LlmEdge.Offloading.Running;

namespace Suites.LlmEdge.Neural.Families;

/// <summary>
/// A llama over bytes with exactly silent neurons, trained here as byte-decoder trains it, most of whose feed-forward weights lie on flash.
/// Flash is a model with a virtual clock; what is computed, foreseen, kept and read is real.
/// </summary>
/// <param name="Memory">Where weights lie and how they come into memory.</param>
/// <param name="Predictor">How open gates are foreseen.</param>
/// <param name="Prompt">Bytes of a text, and the token before them, that it is asked to continue; at most the context.</param>
/// <param name="Generate">Bytes that it makes.</param>
public sealed record OffloadedDecoder(
    DecoderTraining? Training = null, OffloadingOptions? Memory = null, PredictorOptions? Predictor = null,
    [property: Range(1, 4096)] int Prompt = 32, [property: Range(1, 4096)] int Generate = 64)
    : IModelFamily<TextSample, TextPrediction>, IValidatableObject
{
    public DecoderTraining Training { get; init; } = Training ?? new(Gating.Reglu);

    public OffloadingOptions Memory { get; init; } = Memory ?? new();

    public PredictorOptions Predictor { get; init; } = Predictor ?? new();

    public FamilyCard Card => new("offloaded-decoder", 1, "Offloaded decoder")
    {
        Kind = "ann",
        Summary = "A small llama over bytes whose feed-forward weights lie on flash: predicted neurons, a cache in segments, a pipeline.",
        Paper = "Xue et al.: PowerInfer-2, 2024; Song et al.: PowerInfer, 2023; Alizadeh et al.: LLM in a flash, 2023; Liu et al.: "
            + "Deja Vu, 2023",
        Link = "https://arxiv.org/abs/2406.06282",
        Equations = """
            neuron i: a_i = relu(g_i x) (u_i x), dReLU: relu(g_i x) relu(u_i x); y = sum of a_i d_i; a closed gate adds nothing
            p = W2 relu(W1 x) for each layer; neuron i is computed where p_i >= t, or where it is hot
            hot: the most often active h % of each layer, h = 0, 5, .. 100 with the least max(dense + sparse, reading)
            active in a batch of b: 1 - (1 - f)^b; misses of the cold cache by Che's approximation
            read: latency / queue + bytes / bandwidth; a layer: list schedule of predict, read gate, gate, read rest, rest
            """,
    };

    /// <summary>What a knob cannot say alone.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Prompt > Training.Context) yield return new("prompt at most training.context", [nameof(Prompt)]);
        if (Training.Gating == Gating.Swiglu) yield return new("training.gating reglu or drelu", [nameof(Training)]);
    }

    /// <exception cref="TrainingFailedException">The texts are shorter than the context, or training diverged.</exception>
    /// <exception cref="HarnessException">The cap is too small, or there are no direct reads here.</exception>
    public IModel<TextSample, TextPrediction> Prepare(TrainingData<TextSample> data, RunContext context)
    {
        var whole = context with { Progress = new ContinuedCurve(context.Progress) };
        var trained = TrainedModel.Of(Training, data, whole);
        try
        {
            return new OffloadedModel(OffloadingPreparation.Of(trained, data, Memory, Predictor, whole), Memory.Direct, Prompt, Generate,
                whole);
        }
        catch
        {
            trained.Dispose();
            throw;
        }
    }
}
