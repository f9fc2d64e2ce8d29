using Harness.Datasets;

namespace Suites.Clustering.Graphs;

/// <summary>
/// Weighted modularity and its greedy rise by moves of nodes, then of communities as nodes (Blondel et al., Journal of Statistical
/// Mechanics P10008, 2008).
/// </summary>
sealed class Modularity(double resolution)
{
    const double LeastGain = 1e-7;

    /// <summary>
    /// Σ_c (w_c / W - γ (s_c / 2W)²), w_c the weight within a community and s_c its strength; 0 of a graph without weight.
    /// </summary>
    public double Of(Adjacency graph, IReadOnlyList<int> communities)
    {
        if (graph.Weight == 0) return 0;
        var (within, strengths) = (0.0, new double[communities.Max() + 1]);
        for (var node = 0; node < graph.Nodes; node++)
            foreach (var (other, weight) in graph[node])
            {
                strengths[communities[node]] += weight;
                if (communities[node] == communities[other]) within += weight;
            }
        return within / (2 * graph.Weight) - resolution * strengths.Sum(one => one * one) / (4 * graph.Weight * graph.Weight);
    }

    /// <summary>A partition that no move of a node or a community raises.</summary>
    public int[] Rise(Adjacency graph, Chance chance, CancellationToken cancellation)
    {
        var communities = Enumerable.Range(0, graph.Nodes).ToArray();
        if (graph.Weight == 0) return communities;
        for (var level = LouvainLevel.Of(graph); ; )
        {
            cancellation.ThrowIfCancellationRequested();
            var moved = level.Move(resolution, LeastGain, chance);
            communities = [.. communities.Select(community => moved[community])];
            if (moved.Distinct().Count() == level.Nodes) return communities;
            level = level.Joined(moved);
        }
    }
}
