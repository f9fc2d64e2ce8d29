using System.ComponentModel.DataAnnotations;
using Harness.Datasets.Text;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Families;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Neural.Learning;

namespace Suites.LlmEdge.Neural.Families;

/// <summary>
/// A llama over bytes, trained here on the training part and then computed by the engine of this suite. Other runs of the same
/// configuration, texts, seed and threads take its weights from the cache.
/// </summary>
/// <param name="Weights">How matrices are packed after training: F32, F16, Q8_0 or Q4_0.</param>
/// <param name="Prompt">Bytes of a text, and the token before them, that it is asked to continue; at most the context.</param>
/// <param name="Generate">Bytes that it makes.</param>
public sealed record ByteDecoder(
    DecoderTraining? Training = null,
    [property: AllowedValues("F32", "F16", "Q8_0", "Q4_0")] string Weights = "F32",
    [property: Range(1, 4096)] int Prompt = 32, [property: Range(1, 4096)] int Generate = 64)
    : IModelFamily<TextSample, TextPrediction>, IValidatableObject
{
    public DecoderTraining Training { get; init; } = Training ?? new();

    public FamilyCard Card => new("byte-decoder", 1, "Byte decoder")
    {
        Kind = "ann",
        Summary = "A small llama over bytes that is trained here; by default 4 layers of width 128.",
        Paper = "Touvron et al.: Llama, 2023; Shazeer: GLU variants improve transformer, 2020; Song et al.: Turbo Sparse, 2024",
        Link = "https://arxiv.org/abs/2302.13971",
        Equations = """
            h = x / sqrt(mean x^2 + e) * w; q, k, v = W h; q and k turn by position * 10000^(-2i/d) in each pair i
            x += Wo softmax(q k / sqrt(d)) v, over this position and all before it
            x += Wd a; swiglu: a = silu(Wg h) * Wu h; reglu: a = relu(Wg h) * Wu h; drelu: a = relu(Wg h) * relu(Wu h)
            p = softmax(E h), E the embedding
            loss = mean -ln p(next byte) + gatePenalty * mean |gate after its activation|
            """,
    };

    /// <summary>What a knob cannot say alone.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Prompt > Training.Context) yield return new("prompt at most training.context", [nameof(Prompt)]);
    }

    /// <exception cref="TrainingFailedException">The texts are shorter than the context, or training diverged.</exception>
    public IModel<TextSample, TextPrediction> Prepare(TrainingData<TextSample> data, RunContext context)
    {
        using var trained = TrainedModel.Of(Training, data, context);
        return new DecodedModel(trained.Repacked(Packing.Of(Weights)), Sampling.Greedy, Prompt, Generate, context);
    }
}
