using System.Text;
using Harness.Datasets.Text;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Quantizing;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Families;

/// <summary>What families of quantized models share.</summary>
static class Quantizations
{
    public const int Prompt = 32;
    public const int Generate = 64;

    public const string Papers = "Frantar et al.: GPTQ, 2023; Lin et al.: AWQ, 2024; Xiao et al.: SmoothQuant, 2023; "
        + "Nagel et al.: Up or down? Adaptive rounding, 2020";

    public const string Equations = """
        q = clip(round(x / s) + z); x' = s (q - z)
        GPTQ: H = X X^T + 0.01 mean(diag) I, U = upper Cholesky factor of H^-1; e = (w_j - w'_j) / U_jj; w_k -= e U_jk for k > j
        AWQ: s = (mean |x|)^a, a of 0, 0.05, ..., 0.95 with least |(Q(W s) / s - W) X|^2
        SmoothQuant: s_j = max |x_j|^a / max |w_j|^(1 - a); norm / s, W s
        AdaRound: w' = s clip(floor(w / s) + h(V)), V of least |(W' - W) X|^2 + 0.01 sum 1 - |2h - 1|^b
        mixed precision: bits per matrix of least total loss rise within a size
        """;

    /// <summary>A quantized copy of a model that is scored, asked and timed. The training part calibrates.</summary>
    public static DecodedModel Prepare(LanguageModel full, Quantization quantization, TrainingData<TextSample> data, RunContext context)
    {
        var windows = TokenWindows.Spread(full.Tokenizer, data.Training.Select(text => Encoding.UTF8.GetString(text.Utf8.Span)),
            full.Shape.Context, quantization.Windows);
        var (model, precision) = ModelQuantizing.Of(full, quantization, windows, context.Cancellation);
        return new(model, Sampling.Greedy, Math.Min(Prompt, full.Shape.Context), Generate, context, precision: precision);
    }
}
