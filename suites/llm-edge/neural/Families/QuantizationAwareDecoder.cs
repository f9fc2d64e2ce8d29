using System.ComponentModel.DataAnnotations;
using Harness.Datasets.Text;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Families;
using Suites.LlmEdge.Neural.Learning;

namespace Suites.LlmEdge.Neural.Families;

/// <summary>
/// The decoder that is trained here, trained further with its linear layers rounded. The numbers stay floats: its score is that of so many
/// bits, its speed is not.
/// </summary>
/// <param name="Bits">Of a weight of a linear layer.</param>
/// <param name="Group">Weights of a row that share a grid; divides the width and the hidden width.</param>
/// <param name="Steps">Of further training; batches are as large as in training.</param>
/// <param name="LearningRate">At its highest, in further training.</param>
public sealed record QuantizationAwareDecoder(
    DecoderTraining? Training = null,
    [property: Range(2, 8)] int Bits = 4,
    [property: Range(1, 16_384)] int Group = 32,
    [property: Range(1, 1_000_000)] int Steps = 150,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double LearningRate = 1e-3) : IModelFamily<TextSample, TextPrediction>
{
    public DecoderTraining Training { get; init; } = Training ?? new();

    public FamilyCard Card => new("quantization-aware-decoder", 1, "Byte decoder, trained with quantization")
    {
        Kind = "ann",
        Summary = "The byte decoder trained further with linear layers rounded to few bits on grids whose steps are learned.",
        Paper = "Esser, McKinstry, Bablani, Appuswamy, Modha: Learned step size quantization, ICLR 2020",
        Link = "https://arxiv.org/abs/1902.08153",
        Equations = """
            w' = s round(clip(w / s, -Q, Q)), Q = 2^(bits - 1) - 1
            dw'/dw = 1 inside, 0 outside; dw'/ds = round(w / s) - w / s inside, -Q or Q outside, over sqrt(group Q)
            s begins at 2 mean |w| / sqrt(Q)
            """,
    };

    /// <exception cref="TrainingFailedException">Texts are shorter than the context, a group does not fit, or training
    /// diverged.</exception>
    public IModel<TextSample, TextPrediction> Prepare(TrainingData<TextSample> data, RunContext context)
    {
        var whole = context with { Progress = new ContinuedCurve(context.Progress) };
        using var trained = TrainedModel.Of(Training, data, whole);
        var further = Training with { Steps = Steps, LearningRate = LearningRate };
        var (model, precision) = QuantizationTraining.Of(trained, further, Bits, Group, data, whole);
        var prompt = Math.Min(Quantizations.Prompt, model.Shape.Context);
        return new DecodedModel(model, Sampling.Greedy, prompt, Quantizations.Generate, whole, precision: precision);
    }
}
