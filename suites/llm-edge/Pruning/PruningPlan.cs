using Harness.Datasets;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Pruning.Blocks;

namespace Suites.LlmEdge.Pruning;

/// <summary>A first cut, and what is done to its mask.</summary>
/// <param name="Start">The first cut of the methods that improve a mask.</param>
/// <param name="Scope">Weights that are compared at the first cut; null is rows for Wanda and layers for others.</param>
sealed record PruningPlan(PruningMethod Method, OneShotMethod Start, double Density, PruningScope? Scope, int Calibration,
    BlockPruning Blocks)
{
    public void Cut(IPrunable network, Chance chance, DenseProduct product)
    {
        var method = Method switch
        {
            PruningMethod.Magnitude => OneShotMethod.Magnitude, PruningMethod.Random => OneShotMethod.Random,
            PruningMethod.Wanda => OneShotMethod.Wanda, PruningMethod.SparseGpt => OneShotMethod.SparseGpt, _ => Start,
        };
        var scope = Scope ?? (method == OneShotMethod.Wanda ? PruningScope.Row : PruningScope.Layer);
        new OneShot(method, Density, scope, Calibration).Prune(network, chance, product);
    }

    /// <summary>None for methods that prune at once.</summary>
    public IEnumerable<BlockStep> Improve(IPrunable network, Chance chance, DenseProduct product, TimeProvider time)
    {
        IBlockSolver? solver = Method switch
        {
            PruningMethod.Icbs => new Annealing(Blocks.Sweeps, Blocks.Restarts), PruningMethod.Diagonal => new SeparateWeights(),
            PruningMethod.Swaps => new RandomSwaps(), _ => null,
        };
        var model = new LossModel(Blocks.GradientWeight, Blocks.Ridge, Method != PruningMethod.Diagonal, Blocks.DropNegative);
        return solver is null ? [] : new BlockPruner(network, Blocks, model, solver, product).Steps(chance, time);
    }
}
