using System.ComponentModel.DataAnnotations;
using System.Text;
using Harness.Datasets.Text;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Quantizing;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Families;

/// <summary>How a quantizer chooses the points of a grid.</summary>
public enum RoundingMethod { Nearest, Gptq }

/// <summary>
/// The story teller with its linear layers rounded to uniform grids. The numbers stay floats: its score is that of so many bits, its
/// speed is not. The training part calibrates GPTQ.
/// </summary>
/// <param name="Bits">Of a weight of a linear layer.</param>
/// <param name="Method">To nearest, or GPTQ.</param>
/// <param name="Symmetric">Whether the grid lies evenly about zero; otherwise it has an offset.</param>
/// <param name="Granularity">Weights that share a grid; GPTQ cannot do with one for all of a matrix.</param>
/// <param name="Group">Weights of a row in a group.</param>
/// <param name="Calibration">How the range of a grid is found.</param>
public sealed record QuantizedStories([property: Range(2, 8)] int Bits = 4, RoundingMethod Method = RoundingMethod.Gptq,
    bool Symmetric = true, Granularity Granularity = Granularity.Group, [property: Range(8, 172)] int Group = 32,
    Calibration Calibration = Calibration.MinMax)
    : IModelFamily<TextSample, TextPrediction>
{
    const int Prompt = 32;
    const int Generate = 64;

    public FamilyCard Card => new("quantized-stories", 1, "Stories 260K, quantized")
    {
        Kind = "ann",
        Summary = "Stories 260K with linear layers rounded to 2 to 8 bits, to nearest or by GPTQ; embedding and norms stay floats.",
        Paper = "Frantar, Ashkboos, Hoefler and Alistarh: GPTQ, ICLR 2023",
        Link = "https://arxiv.org/abs/2210.17323",
        Equations = """
            q = clip(round(x / s) + z); x' = s (q - z)
            GPTQ: H = X X^T + 0.01 mean(diag) I, U = upper Cholesky factor of H^-1
            e = (w_j - w'_j) / U_jj; w_k -= e U_jk for k > j
            """,
    };

    /// <exception cref="DataUnavailableException">The published weights cannot be had.</exception>
    public IModel<TextSample, TextPrediction> Prepare(TrainingData<TextSample> data, RunContext context)
    {
        using var published = PublishedModel.Stories(context);
        var quantizer = new Quantizer(Bits, Symmetric, Granularity, Group, Calibration);
        var rounded = Method == RoundingMethod.Nearest ? published.RoundedToNearest(quantizer)
            : published.RoundedByGptq(quantizer, data.Training.Select(text => Tokens(published, text)));
        return new DecodedModel(rounded, Sampling.Greedy, Prompt, Generate, context, published.QuantizedSize(quantizer));
    }

    static IReadOnlyList<int> Tokens(LanguageModel model, TextSample text) =>
        [.. model.Tokenizer.EncodeWhole(Encoding.UTF8.GetString(text.Utf8.Span)).Take(model.Shape.Context)];
}
