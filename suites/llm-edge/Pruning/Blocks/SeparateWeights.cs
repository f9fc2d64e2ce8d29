using Harness.Datasets;

namespace Suites.LlmEdge.Pruning.Blocks;

/// <summary>
/// The control without interactions: each weight has a price of its own, Q_ii, and the cheapest are pruned. The optimum where the loss
/// model has no interactions.
/// </summary>
sealed record SeparateWeights : IBlockSolver
{
    public bool[] Solve(BlockProblem problem, ReadOnlySpan<bool> current, Chance chance)
    {
        var (prices, order, chosen) = (problem.Diagonal.ToArray(), Enumerable.Range(0, problem.Size).ToArray(), new bool[problem.Size]);
        Array.Sort(prices, order);
        foreach (var weight in order.AsSpan(0, current.Count(true))) chosen[weight] = true;
        return chosen;
    }
}
