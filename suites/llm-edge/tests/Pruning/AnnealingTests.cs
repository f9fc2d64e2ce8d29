using Harness.Datasets;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Pruning.Blocks;

namespace Suites.LlmEdge.Tests.Pruning;

public sealed class AnnealingTests : IDisposable
{
    readonly DenseProduct _product = new(1);

    public static TheoryData<int, int> Sizes() => new() { { 5, 2 }, { 8, 4 }, { 11, 3 }, { 14, 7 }, { 14, 12 }, { 13, 1 } };

    [Theory, MemberData(nameof(Sizes))]
    public void Small_blocks_are_solved_as_by_trying_all_states(int size, int pruned)
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            var chance = new Chance(seed);
            var problem = Problem(size, chance);
            bool[] current = [.. Enumerable.Range(0, size).Select(i => i < pruned)];
            var solution = new Annealing().Solve(problem, current, chance);
            Assert.Equal(pruned, solution.Count(one => one));
            Assert.Equal(BlockProblemTests.States(size, pruned).Min(state => problem.Energy(state)), problem.Energy(solution), 1e-9);
        }
    }

    [Fact]
    public void Large_blocks_end_below_both_controls()
    {
        var chance = new Chance(3);
        var problem = Problem(200, chance);
        bool[] current = [.. Enumerable.Range(0, 200).Select(i => i < 100)];
        double Of(IBlockSolver solver) => problem.Energy(solver.Solve(problem, current, chance));
        var annealed = Of(new Annealing());
        Assert.True(annealed < Of(new SeparateWeights()));
        Assert.True(annealed < Of(new RandomSwaps()));
        Assert.True(annealed < problem.Energy(current));
        Assert.Equal(100, new RandomSwaps().Solve(problem, current, chance).Count(one => one));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void A_block_of_one_sort_stays_as_it_is(int pruned)
    {
        var chance = new Chance(1);
        bool[] current = [.. Enumerable.Range(0, 9).Select(i => i < pruned)];
        Assert.Equal(current, new Annealing().Solve(Problem(9, chance), current, chance));
    }

    // Few samples, so that weights interact strongly.
    BlockProblem Problem(int size, Chance chance)
    {
        var original = BlockProblemTests.Normal(chance, size);
        float[] current = [.. original.Select((value, i) => i % 2 == 0 ? 0 : value)];
        return BlockProblem.Of(original, current, BlockProblemTests.Normal(chance, size * 7), new(0.75, 0.001), _product);
    }

    public void Dispose() => _product.Dispose();
}
