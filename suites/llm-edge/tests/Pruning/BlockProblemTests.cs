using Harness.Datasets;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Pruning.Blocks;

namespace Suites.LlmEdge.Tests.Pruning;

public sealed class BlockProblemTests : IDisposable
{
    const int Size = 6;
    const int Samples = 9;

    readonly DenseProduct _product = new(1);
    readonly float[] _original, _current, _gradients;

    public BlockProblemTests()
    {
        var chance = new Chance(5);
        (_original, _gradients) = (Normal(chance, Size), Normal(chance, Size * Samples));
        // Two of six are pruned now.
        _current = [0, _original[1], _original[2], 0, _original[4], _original[5]];
    }

    public static TheoryData<double, double, bool> Models() => new() { { 1, 0, true }, { 0.75, 0.01, true }, { 0.75, 0.01, false } };

    [Theory, MemberData(nameof(Models))]
    public void Energies_are_those_of_the_quadratic_model_written_out(double weight, double ridge, bool interactions)
    {
        var problem = BlockProblem.Of(_original, _current, _gradients, new(weight, ridge, interactions), _product);
        bool[] now = [.. _current.Select(value => value == 0)];
        for (var state = 0; state < 1 << Size; state++)
        {
            bool[] pruned = [.. Enumerable.Range(0, Size).Select(i => (state >> i & 1) == 1)];
            Assert.Equal(Quadratic(pruned, weight, ridge, interactions), problem.Energy(pruned) - problem.Energy(now), 1e-5);
        }
    }

    [Fact]
    public void Negative_entries_are_lost_only_where_the_published_program_is_followed()
    {
        var (whole, quirk) = (Problem(dropNegative: false), Problem(dropNegative: true));
        var negative = 0;
        for (var i = 0; i < Size; i++)
        {
            Assert.Equal(MathF.Max(0, whole.Diagonal[i]), quirk.Diagonal[i]);
            for (var k = 0; k < Size; k++)
            {
                Assert.Equal(MathF.Max(0, whole.Couplings(i)[k]), quirk.Couplings(i)[k]);
                if (whole.Couplings(i)[k] < 0) negative++;
            }
        }
        Assert.True(negative > 0);
    }

    [Fact]
    public void Separate_prices_find_the_optimum_where_nothing_interacts_and_miss_it_where_something_does()
    {
        var missed = 0;
        for (ulong seed = 1; seed <= 10; seed++)
        {
            var (chance, now) = (new Chance(seed), _current.Select(value => value == 0).ToArray());
            // Gradients of three samples lie in three directions only, so that six weights are not apart; where the linear term is weak,
            // both models would have all stay as it is.
            var (original, gradients) = (Normal(chance, Size), Normal(chance, Size * 3));
            float[] current = [.. original.Zip(now, (value, pruned) => pruned ? 0 : value)];
            var (apart, whole) = (BlockProblem.Of(original, current, gradients, new(3, 0.01, Interactions: false), _product),
                BlockProblem.Of(original, current, gradients, new(3, 0.01), _product));
            var cheapest = new SeparateWeights().Solve(apart, now, chance);
            Assert.Equal(States(Size, 2).Min(state => apart.Energy(state)), apart.Energy(cheapest), 1e-6);
            if (whole.Energy(cheapest) > States(Size, 2).Min(state => whole.Energy(state)) + 1e-3) missed++;
        }
        Assert.InRange(missed, 1, 10);
    }

    internal static IEnumerable<bool[]> States(int size, int pruned) =>
        Enumerable.Range(0, 1 << size).Where(state => int.PopCount(state) == pruned)
            .Select(state => Enumerable.Range(0, size).Select(i => (state >> i & 1) == 1).ToArray());

    internal static float[] Normal(Chance chance, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)chance.Normal())];

    BlockProblem Problem(bool dropNegative) =>
        BlockProblem.Of(_original, _current, _gradients, new(0.75, 0.01, DropNegative: dropNegative), _product);

    // γ gᵀδ + ½ δᵀHδ + ρ‖δ‖², in double precision, from the gradients themselves.
    double Quadratic(bool[] pruned, double weight, double ridge, bool interactions)
    {
        double[] move = [.. Enumerable.Range(0, Size).Select(i => (pruned[i] ? 0 : _original[i]) - (double)_current[i])];
        double Along(int sample, int i) => _gradients[i * Samples + sample] * move[i];
        var sum = ridge * move.Sum(value => value * value);
        for (var sample = 0; sample < Samples; sample++)
        {
            double[] along = [.. Enumerable.Range(0, Size).Select(i => Along(sample, i))];
            var curvature = interactions ? along.Sum() * along.Sum() : along.Sum(value => value * value);
            sum += (weight * along.Sum() + 0.5 * curvature) / Samples;
        }
        return sum;
    }

    public void Dispose() => _product.Dispose();
}
