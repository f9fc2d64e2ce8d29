using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Suites.LlmEdge.Pruning;
using Suites.LlmEdge.Pruning.Blocks;
using Suites.LlmEdge.Pruning.Perceptrons;

namespace Suites.LlmEdge.Families;

/// <summary>
/// A perceptron of two hidden layers, trained and then pruned without training after it. Pruned weights are zeros in full matrices: counts
/// and size are those of a machine that skips them, the speed is not. Other runs take the trained network from the cache.
/// </summary>
/// <param name="Method">iCBS and its controls begin with the largest magnitudes.</param>
/// <param name="Density">Share of the weights that stay; offsets all stay.</param>
/// <param name="Hidden">Units of either hidden layer.</param>
/// <param name="Scope">Weights that are compared at the first cut; null is rows for Wanda and layers for others. Not for SparseGPT.</param>
/// <param name="Calibration">Samples whose inputs Wanda and SparseGPT see.</param>
/// <param name="Blocks">How the mask is improved by swaps, diagonal and iCBS.</param>
/// <param name="Training">Before pruning.</param>
public sealed record PrunedMlp(
    PruningMethod Method = PruningMethod.Icbs,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double Density = 0.05,
    [property: Range(1, 4096)] int Hidden = 128,
    PruningScope? Scope = null,
    [property: Range(1, 100_000)] int Calibration = 1000,
    BlockPruning? Blocks = null,
    PerceptronRecipe? Training = null) : IModelFamily<LabeledImage, ClassProbabilities>
{
    public BlockPruning Blocks { get; init; } = Blocks ?? new();

    public PerceptronRecipe Training { get; init; } = Training ?? new();

    public FamilyCard Card => new("pruned-mlp", 1, "Pruned perceptron")
    {
        Kind = "ann",
        Summary = "A perceptron of two hidden layers, trained, then pruned: by magnitude, Wanda, SparseGPT, or block by block as iCBS "
            + "does, with controls; kept weights are not trained again.",
        Paper = "Rosenberg et al.: Scalable iterative pruning of large language and vision models using block coordinate descent, 2024; "
            + "Sun, Liu, Bair and Kolter: Wanda, ICLR 2024; Frantar and Alistarh: SparseGPT, ICML 2023",
        Link = "https://arxiv.org/abs/2411.17796",
        Equations = BlockEquations.Text,
    };

    /// <exception cref="TrainingFailedException">There are no training samples, one has no class, or training diverged.</exception>
    public IModel<LabeledImage, ClassProbabilities> Prepare(TrainingData<LabeledImage> data, RunContext context) =>
        PrunedPerceptron.Make(this, data, context);
}
