using Harness.Datasets;

namespace Suites.Clustering.Graphs;

/// <summary>The neighbours of each node, checked.</summary>
sealed class Adjacency
{
    const int MostNodes = 2000;

    readonly List<(int Node, double Weight)>[] _neighbors;

    /// <exception cref="TrainingFailedException">The graph has no nodes or more than 2000, an edge names a node that is not there, joins a
    /// node with itself or a pair that is joined already, or its weight is negative or not finite.</exception>
    public Adjacency(WeightedGraph graph)
    {
        if (graph.Nodes is < 1 or > MostNodes)
            throw new TrainingFailedException($"A graph has {graph.Nodes} nodes; allowed is 1..{MostNodes}, as every pair of groups is "
                + "looked at.");
        Nodes = graph.Nodes;
        _neighbors = [.. Enumerable.Range(0, Nodes).Select(_ => new List<(int, double)>())];
        var seen = new HashSet<(int, int)>();
        foreach (var edge in graph.Edges)
        {
            Check(edge);
            if (!seen.Add((Math.Min(edge.From, edge.To), Math.Max(edge.From, edge.To))))
                throw new TrainingFailedException($"Nodes {edge.From} and {edge.To} are joined twice; give each edge once.");
            _neighbors[edge.From].Add((edge.To, edge.Weight));
            _neighbors[edge.To].Add((edge.From, edge.Weight));
            Weight += edge.Weight;
        }
        Edges = graph.Edges.Count;
    }

    public int Nodes { get; }
    public int Edges { get; }

    /// <summary>Of all edges.</summary>
    public double Weight { get; }

    public IReadOnlyList<(int Node, double Weight)> this[int node] => _neighbors[node];

    void Check(WeightedEdge edge)
    {
        if (edge.From < 0 || edge.From >= Nodes || edge.To < 0 || edge.To >= Nodes || edge.From == edge.To)
            throw new TrainingFailedException($"An edge joins node {edge.From} and node {edge.To}; allowed are two different ones of "
                + $"0..{Nodes - 1}.");
        if (!double.IsFinite(edge.Weight) || edge.Weight < 0)
            throw new TrainingFailedException($"The edge of nodes {edge.From} and {edge.To} has weight {edge.Weight}; allowed are finite "
                + "weights of 0 or more.");
    }
}
