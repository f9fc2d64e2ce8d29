namespace Harness.Spiking.Nir;

/// <summary>The signal of <paramref name="From"/> goes to <paramref name="To"/>; signals that meet are added.</summary>
public sealed record NirEdge(string From, string To);

/// <summary>Named nodes and the edges between them, cycles included. It is itself a node, so that graphs nest.</summary>
public sealed record NirGraph(IReadOnlyDictionary<string, NirNode> Nodes, IReadOnlyList<NirEdge> Edges) : NirNode
{
    public override string Kind => "NIRGraph";

    /// <summary>Nodes one behind the other, between an input and an output of these shapes.</summary>
    public static NirGraph Chain(IReadOnlyList<int> input, IReadOnlyList<(string Name, NirNode Node)> nodes, IReadOnlyList<int> output)
    {
        (string Name, NirNode Node)[] all = [("input", new NirInput(input)), .. nodes, ("output", new NirOutput(output))];
        return new(all.ToDictionary(one => one.Name, one => one.Node),
            [.. all.Zip(all.Skip(1), (from, to) => new NirEdge(from.Name, to.Name))]);
    }

    /// <summary>This graph, if every edge joins nodes that are there and signals of one shape.</summary>
    /// <exception cref="HarnessException">It is no graph that could run; the message names the node or the edge.</exception>
    public NirGraph Checked()
    {
        NirShapes.Of(Flattened());
        return this;
    }

    /// <summary>
    /// The same without graphs in graphs: a node n of graph g is g.n; edges to g lead to its input, edges from g come from its output.
    /// </summary>
    public NirGraph Flattened()
    {
        if (!Nodes.Values.OfType<NirGraph>().Any()) return this;
        var inner = Nodes.Where(node => node.Value is NirGraph).ToDictionary(node => node.Key,
            node => ((NirGraph)node.Value).Flattened());
        var nodes = Nodes.Where(node => node.Value is not NirGraph).ToDictionary();
        var edges = new List<NirEdge>();
        foreach (var (name, graph) in inner)
        {
            foreach (var (part, node) in graph.Nodes) nodes.Add($"{name}.{part}", node);
            edges.AddRange(graph.Edges.Select(edge => new NirEdge($"{name}.{edge.From}", $"{name}.{edge.To}")));
        }
        edges.AddRange(Edges.Select(edge => new NirEdge(Port<NirOutput>(edge.From), Port<NirInput>(edge.To))));
        return new(nodes, edges);

        string Port<T>(string name) where T : NirNode
        {
            if (!inner.TryGetValue(name, out var graph)) return name;
            return graph.Nodes.Where(node => node.Value is T).Select(node => node.Key).ToList() is [var port] ? $"{name}.{port}"
                : throw new HarnessException($"Graph {name} needs exactly one {typeof(T).Name[3..].ToLowerInvariant()} to be joined by an "
                    + "edge.");
        }
    }
}

/// <summary>Something that has a NIR graph.</summary>
public interface INirSource
{
    /// <param name="step">Seconds that one of its time steps stands for.</param>
    /// <exception cref="UnsupportedException">It computes what NIR has no node for; the message says what.</exception>
    NirGraph ToNir(double step);
}
