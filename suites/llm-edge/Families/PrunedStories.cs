using Harness.Datasets.Text;
using Suites.LlmEdge.Pruning.Blocks;
using Suites.LlmEdge.Pruning.Decoders;

namespace Suites.LlmEdge.Families;

/// <summary>
/// The story teller with weights of its linear layers set to zero. Matrices stay full: its score and its size are those of so few weights,
/// its speed and its operations are not.
/// </summary>
public sealed record PrunedStories(DecoderPruning? Pruning = null) : IModelFamily<TextSample, TextPrediction>
{
    public DecoderPruning Pruning { get; init; } = Pruning ?? new(Written: 512);

    public FamilyCard Card => new("pruned-stories", 1, "Stories 260K, pruned")
    {
        Kind = "ann",
        Summary = "Stories 260K with part of the weights of its linear layers set to zero: by magnitude, Wanda, SparseGPT or iCBS; "
            + "embedding and norms stay.",
        Paper = "Sun, Liu, Bair and Kolter: Wanda, ICLR 2024; Frantar and Alistarh: SparseGPT, ICML 2023; Rosenberg et al.: Scalable "
            + "iterative pruning of large language and vision models using block coordinate descent, 2024",
        Link = "https://arxiv.org/abs/2411.17796",
        Equations = BlockEquations.Text,
    };

    /// <exception cref="DataUnavailableException">The published weights cannot be had.</exception>
    public IModel<TextSample, TextPrediction> Prepare(TrainingData<TextSample> data, RunContext context)
    {
        using var published = PublishedModel.Stories(context);
        return PrunedDecoder.Make(published, Pruning, data, context);
    }
}
