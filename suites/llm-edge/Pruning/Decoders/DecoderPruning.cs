using System.ComponentModel.DataAnnotations;
using Suites.LlmEdge.Pruning.Blocks;

namespace Suites.LlmEdge.Pruning.Decoders;

/// <summary>How the linear layers of a language model are pruned.</summary>
/// <param name="Density">Share of the weights of each linear layer that stay.</param>
/// <param name="Start">The first mask of iCBS and its controls; SparseGPT's changed weights are none.</param>
/// <param name="Scope">Weights that are compared at the first cut; null is rows for Wanda and layers for others. Not for SparseGPT.</param>
/// <param name="Window">Tokens of a sequence.</param>
/// <param name="Written">Sequences that the model itself writes for calibration, beside those of the training part.</param>
/// <param name="Calibration">Sequences, drawn from all, whose inputs Wanda and SparseGPT see.</param>
/// <param name="Blocks">How the mask is improved by swaps, diagonal and iCBS; its samples are sequences.</param>
public sealed record DecoderPruning(
    PruningMethod Method = PruningMethod.Icbs,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double Density = 0.5,
    [property: AllowedValues(OneShotMethod.Magnitude, OneShotMethod.Random, OneShotMethod.Wanda)] OneShotMethod Start = OneShotMethod.Wanda,
    PruningScope? Scope = null,
    [property: Range(2, 4096)] int Window = 64,
    [property: Range(0, 100_000)] int Written = 0,
    [property: Range(1, 100_000)] int Calibration = 256,
    BlockPruning? Blocks = null)
{
    public BlockPruning Blocks { get; init; } = Blocks ?? new(Steps: 100, Block: 256, Samples: 128, Score: BlockScore.Wanda);
}
