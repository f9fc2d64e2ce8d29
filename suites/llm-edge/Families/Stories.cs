using System.ComponentModel.DataAnnotations;
using Harness.Datasets.Text;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Files;

namespace Suites.LlmEdge.Families;

/// <summary>Karpathy's smallest story teller, 260 thousand published weights, computed by the engine of this suite.</summary>
/// <param name="Weights">How matrices are packed: F32, F16, Q8_0 or Q4_0; rows that do not fit into blocks of 32 become F16.</param>
/// <param name="Prompt">Tokens of a text, the first one included, that it is asked to continue; shorter texts are given whole.</param>
/// <param name="Generate">Most tokens it makes after the prompt; fewer where it ends its text.</param>
/// <param name="Temperature">0 takes the most likely token.</param>
/// <param name="TopK">Takes the next token of these most likely ones; 0 of all.</param>
/// <param name="TopP">Takes it of the most likely ones that have this share of the probability.</param>
public sealed record Stories(
    [property: AllowedValues("F32", "F16", "Q8_0", "Q4_0")] string Weights = "F32",
    [property: Range(1, 256)] int Prompt = 32, [property: Range(1, 255)] int Generate = 64,
    [property: Range(0.0, 10.0)] double Temperature = 0, [property: Range(0, 512)] int TopK = 0,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double TopP = 1) : IModelFamily<TextSample, TextPrediction>
{
    public FamilyCard Card => new("stories260k", 1, "Stories 260K")
    {
        Kind = "ann",
        Summary = "A llama of width 64, 5 layers, 8 heads and 4 key heads that tells stories; published weights, nothing is trained here.",
        Paper = "Touvron et al.: Llama, 2023; Eldan and Li: TinyStories, 2023; Karpathy: llama2.c, 2023",
        Link = "https://huggingface.co/karpathy/tinyllamas",
        Equations = """
            h = x / sqrt(mean x^2 + e) * w
            q, k, v = W h; q and k turn by position * 10000^(-2i/d) in each pair i
            x += Wo softmax(q k / sqrt(d)) v, over this position and all before it
            x += Wd (silu(Wg h) * Wu h)
            p = softmax(W h)
            Q8_0: w = s q, q in -127..127, s of 32 weights; Q4_0: w = s (q - 8), q in 0..15
            """,
    };

    /// <exception cref="DataUnavailableException">The published weights cannot be had.</exception>
    public IModel<TextSample, TextPrediction> Prepare(TrainingData<TextSample> data, RunContext context)
    {
        using var published = PublishedModel.Stories(context);
        return new DecodedModel(published.Repacked(Packing.Of(Weights)), new(Temperature, TopK, TopP), Prompt, Generate, context);
    }
}
