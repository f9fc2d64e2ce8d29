using Harness.Datasets;

namespace Suites.LlmEdge.Pruning.Blocks;

/// <summary>The control without a model: which weights of the block are pruned is drawn anew.</summary>
sealed record RandomSwaps : IBlockSolver
{
    public bool[] Solve(BlockProblem problem, ReadOnlySpan<bool> current, Chance chance)
    {
        var drawn = current.ToArray();
        chance.Shuffle(drawn.AsSpan());
        return drawn;
    }
}
