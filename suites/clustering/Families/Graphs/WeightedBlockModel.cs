using Harness.Datasets;
using Suites.Clustering.Graphs;

namespace Suites.Clustering.Families.Graphs;

/// <summary>Whether a block model knows degrees; <see cref="Shorter"/> fits both and takes the shorter description.</summary>
public enum BlockDegrees { Shorter, Corrected, Plain }

/// <summary>
/// The weighted stochastic block model: nodes are grouped so that edges and their weights, exponential within each pair of groups, have the
/// shortest description; it gives the number of groups too.
/// </summary>
/// <param name="Weights">Whether weights are looked at.</param>
public sealed record WeightedBlockModel(BlockDegrees Degrees = BlockDegrees.Shorter, bool Weights = true)
    : IModelFamily<WeightedGraph, GraphPartition>
{
    public FamilyCard Card => new("weighted-sbm", 1, "Weighted stochastic block model")
    {
        Kind = "classical",
        Summary = "Groups of nodes by the shortest description of edges and weights.",
        Paper = "Dyballa et al.: Learning dynamic representations of the functional connectome in neurobiological networks, ICLR 2024",
        Link = "https://arxiv.org/abs/2402.14102",
        Equations = """
            minimise -ln P(A | e, k, b) P(x | A, b) P(k | e, b) P(e | b) P(b), microcanonical, flat priors
            P(x | A, b) = prod_{r<=s} β Γ(e_rs + 1) / (β + w_rs)^(e_rs + 1), β the mean weight
            greedy merges from one block a node, P(b_i = r | the others) ~ exp(-length) between
            """,
    };

    /// <exception cref="TrainingFailedException">There is no graph, or one has an edge or a weight that is not allowed.</exception>
    public IModel<WeightedGraph, GraphPartition> Prepare(TrainingData<WeightedGraph> data, RunContext context) =>
        GraphModel.Of(data, context, (graph, chance) => Partition(graph, chance, context.Cancellation));

    internal IReadOnlyList<int> Partition(Adjacency graph, Chance chance, CancellationToken cancellation)
    {
        BlockDegrees[] kinds = Degrees == BlockDegrees.Shorter ? [BlockDegrees.Corrected, BlockDegrees.Plain] : [Degrees];
        return kinds.Select(kind => new BlockSearch(graph, kind == BlockDegrees.Corrected, Weights, chance, cancellation).Best())
            .MinBy(found => found.Length).Blocks;
    }
}
