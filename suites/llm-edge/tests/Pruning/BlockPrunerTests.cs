using Harness.Datasets;
using Harness.Testing;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Pruning;
using Suites.LlmEdge.Pruning.Blocks;
using Suites.LlmEdge.Pruning.Perceptrons;

namespace Suites.LlmEdge.Tests.Pruning;

public sealed class BlockPrunerTests : IDisposable
{
    const double Density = 0.2;

    readonly DenseProduct _product = new(1);
    readonly PrunablePerceptron _network;

    public BlockPrunerTests() => _network = Trained();

    [Fact]
    public void Gradients_of_samples_are_those_of_their_finite_differences()
    {
        var batch = _network.Draw(5, new(2));
        foreach (var (layer, trace) in batch.Traces().ToList())
        {
            int[] places = [0, 7, layer.Values.Length / 2, layer.Values.Length - 1];
            var (gradients, mean) = (trace.Gradients(places), trace.MeanGradient(_product));
            for (var place = 0; place < places.Length; place++)
            {
                const float step = 1e-2f;
                ref var weight = ref layer.Values[places[place]];
                var before = weight;
                weight = before + step;
                var above = batch.Loss();
                weight = before - step;
                var below = batch.Loss();
                weight = before;
                var average = Enumerable.Range(0, 5).Average(sample => gradients[place * 5 + sample]);
                Assert.Equal((above - below) / (2 * step), average, 2e-3);
                Assert.Equal(average, mean[places[place]], 1e-6);
            }
        }
        Assert.All(batch.Traces(), found => Assert.Equal(batch.Loss(), found.Trace.Loss, 1e-9));
    }

    [Fact]
    public void No_step_rises_by_its_own_model_and_each_layer_keeps_as_many_weights()
    {
        var before = Cut();
        var loss = Loss();
        var steps = Steps(new(Steps: 25, Block: 32, Samples: 60), new Annealing());
        Assert.All(steps, step => Assert.True(step.Foreseen <= 0));
        Assert.True(steps.Count(step => step.Moved > 0) > 5);
        Assert.Equal(before, _network.Layers.Select(layer => layer.Kept));
        foreach (var layer in _network.Layers)
            for (var i = 0; i < layer.Values.Length; i++) Assert.Equal(layer.Pruned[i] ? 0 : layer.Original[i], layer.Values[i]);
        Assert.True(Loss() < loss, $"the loss was {loss} after the cut and is {Loss()} after 25 blocks");
    }

    [Fact]
    public void Annealing_lowers_the_loss_more_than_drawing_at_random()
    {
        double After(IBlockSolver solver)
        {
            Cut();
            Steps(new(Steps: 25, Block: 32, Samples: 60), solver);
            return Loss();
        }
        Assert.True(After(new Annealing()) < After(new RandomSwaps()));
    }

    [Fact]
    public void What_a_block_had_lately_and_what_is_fixed_is_not_chosen()
    {
        Cut();
        var layer = _network.Layers[0];
        float[] scores = [.. Enumerable.Range(0, layer.Values.Length).Select(i => (float)i)];
        var choice = new BlockChoice(new(Block: 20, Tabu: 0.9, FixedPruned: 0.5, FixedKept: 0.25));
        int[] pruned = [.. Enumerable.Range(0, layer.Values.Length).Where(i => layer.Pruned[i])],
            kept = [.. Enumerable.Range(0, layer.Values.Length).Where(i => !layer.Pruned[i])];
        var first = choice.Choose(layer, scores);
        Assert.Equal(20, first.Length);
        Assert.Equal(pruned[^10..], first.Where(i => layer.Pruned[i]));
        Assert.Equal(kept[..10], first.Where(i => !layer.Pruned[i]));
        // Also where all of them change sides, as the kept ones of lowest score and the pruned ones of highest.
        foreach (var index in first) layer.Set(index, !layer.Pruned[index]);
        var second = choice.Choose(layer, scores);
        Assert.Empty(first.Intersect(second));
        foreach (var index in first) layer.Set(index, !layer.Pruned[index]);
        // With everything ever chosen forbidden and few left, a block is smaller, and what is fixed stays out.
        HashSet<int> seen = [.. first, .. second];
        for (var i = 0; i < 100; i++) seen.UnionWith(choice.Choose(layer, scores));
        Assert.DoesNotContain(kept[^1], seen);
        Assert.DoesNotContain(pruned[0], seen);
    }

    IReadOnlyList<int> Cut()
    {
        new OneShot(OneShotMethod.Magnitude, Density, PruningScope.Layer, 1).Prune(_network, new(1), _product);
        return [.. _network.Layers.Select(layer => layer.Kept)];
    }

    double Loss() => _network.Draw(int.MaxValue, new(1)).Loss();

    List<BlockStep> Steps(BlockPruning settings, IBlockSolver solver) =>
        [.. new BlockPruner(_network, settings, new(0.75, 0.001), solver, _product).Steps(new(4), new ManualTime())];

    PrunablePerceptron Trained()
    {
        var (samples, chance) = (new PixelTable(Patterns.Of(300, 1), Patterns.Pixels), new Chance(1));
        var network = new Perceptron([Patterns.Pixels, 24, 24, Patterns.Classes], chance);
        var losses = new PerceptronTraining(network, new(Epochs: 12, BatchSize: 16, LearningRate: 3e-3), _product)
            .Epochs(samples, chance, TestContext.Current.CancellationToken).ToList();
        Assert.True(losses[^1] < 0.5 * losses[0]);
        return new(network, samples, _product);
    }

    public void Dispose() => _product.Dispose();
}
