using System.Runtime.InteropServices;
using Harness.Datasets;

namespace Suites.Clustering.Graphs;

/// <summary>A graph whose nodes are communities of the level before.</summary>
/// <param name="neighbors">Of each node, without itself.</param>
/// <param name="strengths">Of each node, weight within it twice.</param>
sealed class LouvainLevel(IReadOnlyList<Dictionary<int, double>> neighbors, double[] strengths)
{
    public int Nodes => strengths.Length;

    public static LouvainLevel Of(Adjacency graph)
    {
        Dictionary<int, double>[] neighbors = [.. Enumerable.Range(0, graph.Nodes).Select(node =>
            graph[node].ToDictionary(other => other.Node, other => other.Weight))];
        return new(neighbors, [.. neighbors.Select(all => all.Values.Sum())]);
    }

    /// <summary>Moves nodes to where modularity rises most, in random order, until none does. Communities are 0, 1, …</summary>
    public int[] Move(double resolution, double leastGain, Chance chance)
    {
        var communities = Enumerable.Range(0, Nodes).ToArray();
        var (order, sums, twice) = (communities.ToArray(), strengths.ToArray(), strengths.Sum());
        chance.Shuffle(order.AsSpan());
        for (var moved = true; moved; )
        {
            moved = false;
            foreach (var node in order)
            {
                var from = communities[node];
                sums[from] -= strengths[node];
                communities[node] = Best(node, communities, sums, resolution / twice, leastGain * twice);
                sums[communities[node]] += strengths[node];
                moved |= communities[node] != from;
            }
        }
        int[] names = [.. communities.Distinct()];
        return [.. communities.Select(community => Array.IndexOf(names, community))];
    }

    /// <summary>Each community as a node.</summary>
    public LouvainLevel Joined(int[] communities)
    {
        Dictionary<int, double>[] joined = [.. Enumerable.Range(0, communities.Max() + 1).Select(_ => new Dictionary<int, double>())];
        var sums = new double[joined.Length];
        for (var node = 0; node < Nodes; node++)
        {
            sums[communities[node]] += strengths[node];
            foreach (var (other, weight) in neighbors[node])
                if (communities[node] != communities[other])
                    CollectionsMarshal.GetValueRefOrAddDefault(joined[communities[node]], communities[other], out _) += weight;
        }
        return new(joined, sums);
    }

    // Gain of community c is weight into it - γ strength_i strength_c / 2W; the old one stays where none is better.
    int Best(int node, int[] communities, double[] sums, double scale, double leastGain)
    {
        var into = new Dictionary<int, double> { [communities[node]] = 0 };
        foreach (var (other, weight) in neighbors[node])
            CollectionsMarshal.GetValueRefOrAddDefault(into, communities[other], out _) += weight;
        var best = communities[node];
        var highest = into[best] - scale * strengths[node] * sums[best];
        foreach (var (community, weight) in into)
        {
            var gain = weight - scale * strengths[node] * sums[community];
            if (gain > highest + leastGain) (best, highest) = (community, gain);
        }
        return best;
    }
}
