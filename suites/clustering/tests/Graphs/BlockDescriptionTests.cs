using Harness.Datasets;
using Suites.Clustering.Graphs;

namespace Suites.Clustering.Tests.Graphs;

public sealed class BlockDescriptionTests
{
    // Numbers by the formulas in numpy 1.24 and scipy 1.10 (gammaln), nats.
    [Theory]
    [InlineData(true, false, 15.194024731765202)]
    [InlineData(false, false, 13.548219175160227)]
    [InlineData(true, true, 23.117101722420948)]
    [InlineData(false, true, 21.47129616581597)]
    public void A_small_graph_has_the_length_that_the_formulas_give(bool degrees, bool weights, double length)
    {
        var graph = new WeightedGraph(5, [new(0, 1, 1.5), new(2, 0, 0.5), new(1, 2, 2), new(2, 3, 0.25), new(4, 3, 3)])
        {
            Communities = [0, 0, 0, 1, 1],
        };
        Assert.Equal(length, new BlockDescription(new(graph), graph.Communities, degrees, weights).Total(), 1e-9);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_move_costs_the_difference_of_lengths(bool degrees, bool weights)
    {
        var (graph, chance) = (new Adjacency(GraphSamples.Striped), new Chance(3));
        int[] blocks = [.. Enumerable.Range(0, graph.Nodes).Select(node => node % 6)];
        var description = new BlockDescription(graph, blocks, degrees, weights);
        for (var move = 0; move < 20; move++)
        {
            var (node, to) = (chance.Below(graph.Nodes), chance.Below(6));
            if (description.Size(description.Of[node]) == 1) continue;
            var (from, before) = (description.Of[node], description.Total());
            description.Take(node);
            var cost = description.Cost(node, to) - description.Cost(node, from);
            description.Put(node, to);
            Assert.Equal(description.Total() - before, cost, 1e-8);
            Assert.Equal(new BlockDescription(graph, description.Of, degrees, weights).Total(), description.Total(), 1e-8);
        }
    }

    [Fact]
    public void Of_all_merges_costs_differ_as_lengths_do()
    {
        var graph = new Adjacency(GraphSamples.Striped);
        int[] blocks = [.. Enumerable.Range(0, graph.Nodes).Select(node => node % 4)];
        var description = new BlockDescription(graph, blocks, degrees: true, weights: true);
        Assert.Equal(Merged(2, 3) - Merged(0, 3), description.MergeCost(2, 3) - description.MergeCost(0, 3), 1e-8);
        Assert.Equal(Merged(2, 3) - Merged(1, 3), description.MergeCost(3, 2) - description.MergeCost(1, 3), 1e-8);

        double Merged(int into, int last) =>
            new BlockDescription(graph, [.. blocks.Select(block => block == last ? into : block)], degrees: true, weights: true).Total();
    }
}
