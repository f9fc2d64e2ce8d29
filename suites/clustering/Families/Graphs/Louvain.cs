using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Suites.Clustering.Graphs;

namespace Suites.Clustering.Families.Graphs;

/// <summary>The peer of the block model: communities of high weighted modularity.</summary>
/// <param name="Resolution">γ: higher finds smaller communities.</param>
/// <param name="Restarts">The highest modularity is taken.</param>
public sealed record Louvain([property: Range(0.0, 1000.0, MinimumIsExclusive = true)] double Resolution = 1,
    [property: Range(1, 10_000)] int Restarts = 1) : IModelFamily<WeightedGraph, GraphPartition>
{
    public FamilyCard Card => new("louvain", 1, "Louvain")
    {
        Kind = "classical",
        Summary = "Communities of high weighted modularity, by moves of nodes, then of communities.",
        Paper = "Blondel, Guillaume, Lambiotte and Lefebvre: Fast unfolding of communities in large networks, J. Stat. Mech. P10008, 2008",
        Link = "https://doi.org/10.1088/1742-5468/2008/10/P10008",
        Equations = "maximise Q = sum_c (w_c / W - γ (s_c / 2W)^2), w_c the weight within c, s_c its strength",
    };

    /// <exception cref="TrainingFailedException">There is no graph, or one has an edge or a weight that is not allowed.</exception>
    public IModel<WeightedGraph, GraphPartition> Prepare(TrainingData<WeightedGraph> data, RunContext context)
    {
        var modularity = new Modularity(Resolution);
        return GraphModel.Of(data, context, (graph, chance) => Enumerable.Range(0, Restarts)
            .Select(_ => modularity.Rise(graph, chance, context.Cancellation)).MaxBy(found => modularity.Of(graph, found))!);
    }
}
