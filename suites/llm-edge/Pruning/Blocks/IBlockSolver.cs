using Harness.Datasets;

namespace Suites.LlmEdge.Pruning.Blocks;

/// <summary>Chooses which weights of a block to prune, as many as were.</summary>
interface IBlockSolver
{
    /// <param name="current">What is pruned now.</param>
    /// <returns>Which to prune instead; of the same number.</returns>
    bool[] Solve(BlockProblem problem, ReadOnlySpan<bool> current, Chance chance);
}
