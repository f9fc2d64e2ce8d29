using Harness.Datasets;
using Suites.LlmEdge.Kernels;

namespace Suites.LlmEdge.Pruning.Blocks;

/// <summary>
/// Improves the mask of a pruned network block by block (iCBS: Rosenberg et al., arXiv 2411.17796, 2024). The layer of each block is drawn
/// with the logarithm of its size; a solution is taken if its energy is lower, so that no step rises by its own model, and each layer keeps
/// as many weights as it had.
/// </summary>
sealed class BlockPruner(IPrunable network, BlockPruning settings, LossModel model, IBlockSolver solver, DenseProduct product)
{
    readonly BlockChoice _choice = new(settings);

    public IEnumerable<BlockStep> Steps(Chance chance, TimeProvider time)
    {
        for (var step = 1; step <= settings.Steps; step++) yield return Step(step, chance, time);
    }

    BlockStep Step(int step, Chance chance, TimeProvider time)
    {
        var start = time.GetTimestamp();
        var layer = Draw(chance);
        var batch = network.Draw(settings.Samples, chance);
        var trace = batch.Traces().First(found => found.Layer == layer).Trace;
        var block = _choice.Choose(layer, ScoresOf(layer, trace, chance));
        var problem = BlockProblem.Of(Of(layer.Original, block), Of(layer.Values, block), trace.Gradients(block), model, product);
        bool[] current = [.. block.Select(index => layer.Pruned[index])];
        var solution = solver.Solve(problem, current, chance);
        var foreseen = problem.Energy(solution) - problem.Energy(current);
        var moved = foreseen < 0 ? Move(layer, block, solution) : 0;
        var after = moved > 0 ? batch.Loss() : trace.Loss;
        return new(step, layer.Name, block.Length, moved, moved > 0 ? foreseen : 0, trace.Loss, after,
            time.GetElapsedTime(start).TotalSeconds);
    }

    PrunedLayer Draw(Chance chance)
    {
        var place = chance.Unit() * network.Layers.Sum(Weight);
        foreach (var layer in network.Layers)
            if ((place -= Weight(layer)) < 0) return layer;
        return network.Layers[^1];

        static double Weight(PrunedLayer layer) => Math.Log(layer.Values.Length);
    }

    float[] ScoresOf(PrunedLayer layer, LossTrace trace, Chance chance) => settings.Score switch
    {
        BlockScore.Gradient => Scores.Gradient(layer, trace.MeanGradient(product)),
        BlockScore.Magnitude => Scores.Magnitude(layer),
        BlockScore.Wanda => Scores.Wanda(layer, trace.InputNorms()),
        _ => Scores.Random(layer, chance),
    };

    static float[] Of(float[] values, int[] places) => Array.ConvertAll(places, place => values[place]);

    static int Move(PrunedLayer layer, int[] block, bool[] pruned)
    {
        var moved = 0;
        for (var place = 0; place < block.Length; place++)
        {
            if (layer.Pruned[block[place]] == pruned[place]) continue;
            layer.Set(block[place], pruned[place]);
            moved++;
        }
        return moved;
    }
}
