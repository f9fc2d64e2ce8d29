namespace Harness.Datasets;

/// <summary>An undirected graph without loops whose edges have weights, with the community of each node.</summary>
/// <param name="Edges">Each pair of nodes at most once.</param>
public sealed record WeightedGraph(int Nodes, IReadOnlyList<WeightedEdge> Edges)
{
    /// <summary>Axis [node]: reference community, 0 or more; each -1 when withheld.</summary>
    public required IReadOnlyList<int> Communities { get; init; }

    /// <summary>As a family may see it.</summary>
    public WeightedGraph WithoutCommunities() => this with { Communities = [.. Enumerable.Repeat(-1, Nodes)] };
}

/// <param name="From">A node, from 0.</param>
/// <param name="To">Another node.</param>
/// <param name="Weight">0 or more.</param>
public sealed record WeightedEdge(int From, int To, double Weight);
