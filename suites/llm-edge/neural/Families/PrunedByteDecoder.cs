using Harness.Datasets.Text;
using Suites.LlmEdge.Families;
using Suites.LlmEdge.Neural.Learning;
using Suites.LlmEdge.Pruning.Blocks;
using Suites.LlmEdge.Pruning.Decoders;

namespace Suites.LlmEdge.Neural.Families;

/// <summary>
/// The decoder over bytes with weights of its linear layers set to zero after training. Matrices stay full: its score and its size are
/// those of so few weights, its speed and its operations are not.
/// </summary>
public sealed record PrunedByteDecoder(DecoderTraining? Training = null, DecoderPruning? Pruning = null)
    : IModelFamily<TextSample, TextPrediction>
{
    public DecoderTraining Training { get; init; } = Training ?? new();

    public DecoderPruning Pruning { get; init; } = Pruning ?? new();

    public FamilyCard Card => new("pruned-byte-decoder", 1, "Byte decoder, pruned")
    {
        Kind = "ann",
        Summary = "The byte decoder with part of the weights of its linear layers set to zero after training: by magnitude, Wanda, "
            + "SparseGPT or iCBS; embedding and norms stay.",
        Paper = "Sun, Liu, Bair and Kolter: Wanda, ICLR 2024; Frantar and Alistarh: SparseGPT, ICML 2023; Rosenberg et al.: Scalable "
            + "iterative pruning of large language and vision models using block coordinate descent, 2024",
        Link = "https://arxiv.org/abs/2411.17796",
        Equations = BlockEquations.Text,
    };

    /// <exception cref="TrainingFailedException">The texts are shorter than a window, or training diverged.</exception>
    public IModel<TextSample, TextPrediction> Prepare(TrainingData<TextSample> data, RunContext context)
    {
        var whole = context with { Progress = new ContinuedCurve(context.Progress) };
        using var trained = TrainedModel.Of(Training, data, whole);
        return PrunedDecoder.Make(trained, Pruning, data, whole);
    }
}
