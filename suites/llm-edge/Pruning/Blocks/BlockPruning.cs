using System.ComponentModel.DataAnnotations;

namespace Suites.LlmEdge.Pruning.Blocks;

/// <summary>By which number weights are chosen into a block.</summary>
public enum BlockScore { Gradient, Magnitude, Wanda, Random }

/// <summary>How a mask is improved block by block; defaults are those of the published run on Fashion-MNIST but for size.</summary>
/// <param name="Steps">Blocks, one after another.</param>
/// <param name="Block">Weights of a block.</param>
/// <param name="PrunedShare">Share of a block's weights that are pruned when it is chosen, as far as there are so many.</param>
/// <param name="Samples">Drawn anew for each block.</param>
/// <param name="GradientWeight">Factor of the linear term of the loss model.</param>
/// <param name="Ridge">Factor of the squared length of the change.</param>
/// <param name="Score">A block takes the pruned weights of highest and the kept ones of lowest score.</param>
/// <param name="Tabu">Share of the candidates that is passed over because a block had them lately.</param>
/// <param name="FixedPruned">Share of the pruned weights, of lowest score, that stay pruned.</param>
/// <param name="FixedKept">Share of the kept weights, of highest score, that stay.</param>
/// <param name="Sweeps">Of the annealing, at each temperature.</param>
/// <param name="Restarts">Of the annealing.</param>
/// <param name="DropNegative">
/// Small entries of Q become zero by Q ≤ 1e-12, so that negative ones do too, as in the published program; by default by |Q|.
/// </param>
public sealed record BlockPruning(
    [property: Range(1, 100_000)] int Steps = 30,
    [property: Range(2, 8192)] int Block = 256,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)] double PrunedShare = 0.5,
    [property: Range(1, 100_000)] int Samples = 400,
    [property: Range(0.0, 1000.0)] double GradientWeight = 0.75,
    [property: Range(0.0, 1000.0)] double Ridge = 0.001,
    BlockScore Score = BlockScore.Gradient,
    [property: Range(0.0, 1.0)] double Tabu = 0.4,
    [property: Range(0.0, 1.0, MaximumIsExclusive = true)] double FixedPruned = 0.42,
    [property: Range(0.0, 1.0, MaximumIsExclusive = true)] double FixedKept = 0.35,
    [property: Range(1, 1000)] int Sweeps = 1,
    [property: Range(1, 1000)] int Restarts = 10,
    bool DropNegative = false);
