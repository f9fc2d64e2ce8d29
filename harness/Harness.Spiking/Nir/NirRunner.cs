namespace Harness.Spiking.Nir;

/// <summary>
/// Computes a NIR graph step by step in float64: the reference for what a file means, not fast. Within a step nodes follow the signal;
/// where edges form a cycle, the one that leads back brings what its node gave a step before, at first zeros.
/// </summary>
public sealed class NirRunner
{
    readonly NirGraph graph;
    readonly IReadOnlyDictionary<string, IReadOnlyList<int>> shapes;
    readonly List<string> order;
    readonly Dictionary<string, NirNodeState> states;
    readonly Dictionary<string, double[]> given;
    readonly Func<Dictionary<string, double[]>> nothing;

    /// <param name="step">Seconds of a step.</param>
    /// <exception cref="HarnessException">The graph cannot run, or a delay is no number of steps.</exception>
    public NirRunner(NirGraph graph, double step, NirDiscretisation by = NirDiscretisation.ForwardEuler)
    {
        if (!(step > 0) || !double.IsFinite(step)) throw new HarnessException($"A time step must be above 0 s, not {step}.");
        this.graph = graph.Flattened();
        shapes = NirShapes.Of(this.graph);
        order = Order(this.graph);
        states = this.graph.Nodes.ToDictionary(node => node.Key,
            node => new NirNodeState(node.Value, InputShape(node.Key), shapes[node.Key], step, by));
        nothing = () => shapes.ToDictionary(node => node.Key, node => new double[NirNodeState.Size(node.Value)]);
        given = nothing();
    }

    /// <summary>One step of a graph with one input and one output: values in C order.</summary>
    public double[] Step(double[] input) => Step(new Dictionary<string, double[]> { [Only<NirInput>()] = input })[Only<NirOutput>()];

    /// <summary>One step: values of each input node by its name, to values of each output node.</summary>
    public IReadOnlyDictionary<string, double[]> Step(IReadOnlyDictionary<string, double[]> inputs)
    {
        foreach (var name in order)
        {
            var signal = new double[NirNodeState.Size(InputShape(name))];
            if (inputs.TryGetValue(name, out var outer)) Add(name, outer, signal);
            foreach (var edge in graph.Edges) if (edge.To == name) Add(name, given[edge.From], signal);
            given[name] = states[name].Step(signal);
        }
        return graph.Nodes.Where(node => node.Value is NirOutput).ToDictionary(node => node.Key, node => (double[])given[node.Key].Clone());
    }

    /// <summary>Back to time 0.</summary>
    public void Reset()
    {
        foreach (var state in states.Values) state.Clear();
        foreach (var (name, zeros) in nothing()) given[name] = zeros;
    }

    IReadOnlyList<int> InputShape(string name) =>
        graph.Edges.FirstOrDefault(edge => edge.To == name) is { } edge ? shapes[edge.From] : shapes[name];

    static void Add(string name, double[] values, double[] signal)
    {
        if (values.Length != signal.Length)
            throw new HarnessException($"Node {name} takes {signal.Length} values and was given {values.Length}.");
        for (var at = 0; at < signal.Length; at++) signal[at] += values[at];
    }

    string Only<T>() where T : NirNode => graph.Nodes.Where(node => node.Value is T).Select(node => node.Key).ToList() is [var name] ? name
        : throw new HarnessException($"The graph has not exactly one {typeof(T).Name[3..].ToLowerInvariant()} node; name the values.");

    // Nodes whose sources are done; where a cycle leaves none, the one that was reached first from the inputs.
    internal static List<string> Order(NirGraph graph)
    {
        List<string> reached = [.. graph.Nodes.Where(node => node.Value is NirInput).Select(node => node.Key)];
        for (var at = 0; at < reached.Count; at++)
            foreach (var edge in graph.Edges)
                if (edge.From == reached[at] && !reached.Contains(edge.To)) reached.Add(edge.To);
        reached.AddRange(graph.Nodes.Keys.Except(reached));
        var done = new List<string>();
        while (reached.Count > 0)
        {
            var next = reached.Find(name => graph.Edges.All(edge => edge.To != name || done.Contains(edge.From))) ?? reached[0];
            done.Add(next);
            reached.Remove(next);
        }
        return done;
    }
}
