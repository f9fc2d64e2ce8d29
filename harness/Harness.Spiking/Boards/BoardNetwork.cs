using Harness.Spiking.Nir;

namespace Harness.Spiking.Boards;

/// <summary>Synapses from one population to another, as real numbers, with what is added to each target in every step.</summary>
/// <param name="Starts">Of each source, where its synapses begin; one more than there are sources.</param>
sealed record BoardProjection(string Source, int[] Starts, int[] Targets, double[] Weights, double[] Bias)
{
    public int Count => Targets.Length;
}

/// <summary>Neurons of one kind: u ← u (1 − leak) + gain (Σ weights + bias), from rest; above the bar it fires, resets.</summary>
sealed record BoardPopulation(string Name, int Count, double Leak, double Gain, double Bar, double Reset,
    IReadOnlyList<BoardProjection> Into);

/// <summary>A NIR graph as populations of spiking neurons with synapses between them: what lies between two is linear.</summary>
sealed class BoardNetwork
{
    readonly NirGraph graph;
    readonly IReadOnlyDictionary<string, IReadOnlyList<int>> shapes;
    readonly double step;

    /// <param name="step">Seconds of a step.</param>
    /// <exception cref="UnsupportedException">It has a node or an edge that the boards cannot compute; the message names it.</exception>
    public BoardNetwork(NirGraph source, double step)
    {
        this.step = step;
        graph = source.Flattened();
        shapes = NirShapes.Of(graph);
        var order = NirRunner.Order(graph);
        Input = Only<NirInput>();
        Populations = [.. order.Where(name => IsSpiking(graph.Nodes[name])).Select(PopulationOf)];
        (Output, var chain) = LinearBefore(OnlySource(Only<NirOutput>()));
        if (!IsSpiking(graph.Nodes[Output]))
            throw new UnsupportedException($"On a board the answer is read off spikes: node {Output} of kind {graph.Nodes[Output].Kind} is "
                + "neither a layer of LIF or IF neurons nor linear behind one.");
        Readout = new([.. chain.Select(name => (name, graph.Nodes[name], InputShape(name), shapes[name]))], step);
    }

    /// <summary>Name of the node that spikes are fed to.</summary>
    public string Input { get; }
    public int Inputs => Size(Input);
    /// <summary>In the order of a step.</summary>
    public IReadOnlyList<BoardPopulation> Populations { get; }
    /// <summary>The population whose spikes are the answer, or are read out by the host.</summary>
    public string Output { get; }
    /// <summary>What is linear behind it.</summary>
    public HostReadout Readout { get; }

    static bool IsSpiking(NirNode node) => node is NirLif or NirIntegrateAndFire;

    static bool IsLinear(NirNode node) => node is NirAffine or NirScale or NirFlatten or NirConvolution or NirPool;

    int Size(string name) => NirNodeState.Size(shapes[name]);

    string Only<T>() where T : NirNode => graph.Nodes.Where(node => node.Value is T).Select(node => node.Key).ToList() is [var name] ? name
        : throw new UnsupportedException($"A board takes graphs with one {typeof(T).Name[3..].ToLowerInvariant()} node.");

    BoardPopulation PopulationOf(string name)
    {
        BoardProjection[] into = [.. graph.Edges.Where(edge => edge.To == name).Select(edge => ProjectionOf(edge.From, name))];
        return graph.Nodes[name] switch
        {
            NirLif one => Leaky(name, one, into),
            NirIntegrateAndFire one => new(name, Size(name), 0, step * Alike(one.R, name, "r"), Alike(one.Threshold, name, "v_threshold"),
                Alike(one.Reset, name, "v_reset"), into),
            var other => throw new UnsupportedException($"Node {name} of kind {other.Kind} is not a neuron of a board."),
        };
    }

    BoardPopulation Leaky(string name, NirLif one, BoardProjection[] into)
    {
        var share = step / Alike(one.Tau, name, "tau");
        if (share > 1)
            throw new UnsupportedException($"Node {name} has a time constant of {Alike(one.Tau, name, "tau")} s, shorter than the step of "
                + $"{step} s.");
        var leak = Alike(one.Leak, name, "v_leak");
        return new(name, Size(name), share, share * Alike(one.R, name, "r"), Alike(one.Threshold, name, "v_threshold") - leak,
            Alike(one.Reset, name, "v_reset") - leak, into);
    }

    static double Alike(NirArray values, string name, string what) => values.Values.Distinct().Take(2).ToList() is [var one] ? one
        : throw new UnsupportedException($"The neurons of {name} must be alike on a board, but {what} is {values}.");

    /// <summary>Follows linear nodes back to a population, then asks them what a spike of each neuron adds to each target.</summary>
    BoardProjection ProjectionOf(string from, string target)
    {
        var (source, chain) = LinearBefore(from);
        if (!IsSpiking(graph.Nodes[source]) && graph.Nodes[source] is not NirInput)
            throw new UnsupportedException($"Node {source} of kind {graph.Nodes[source].Kind} cannot run on a board; "
                + "allowed are Affine, Linear, Scale, Flatten, convolutions, pools, LIF and IF.");
        return Synapses(source, chain, Size(target));
    }

    /// <summary>The linear nodes up to and with this one, in the order of the signal, and the node before them.</summary>
    (string Source, IReadOnlyList<string> Chain) LinearBefore(string name)
    {
        var chain = new Stack<string>();
        for (; IsLinear(graph.Nodes[name]); name = OnlySource(name)) chain.Push(name);
        return (name, [.. chain]);
    }

    string OnlySource(string name) => graph.Edges.Where(edge => edge.To == name).Select(edge => edge.From).ToList() is [var source] ? source
        : throw new UnsupportedException($"Node {name} adds signals; on a board only neurons do.");

    BoardProjection Synapses(string source, IReadOnlyList<string> chain, int targets)
    {
        var nodes = chain.Select(name => new NirNodeState(graph.Nodes[name], InputShape(name), shapes[name], step,
            NirDiscretisation.ForwardEuler)).ToList();
        double[] Through(double[] values) => nodes.Aggregate(values, (signal, node) => [.. node.Step(signal)]);
        var sources = Size(source);
        var bias = Through(new double[sources]);
        var (starts, to, weights) = (new int[sources + 1], new List<int>(), new List<double>());
        for (var neuron = 0; neuron < sources; neuron++)
        {
            var spike = new double[sources];
            spike[neuron] = 1;
            var answer = Through(spike);
            for (var at = 0; at < targets; at++)
            {
                if (answer[at] == bias[at]) continue;
                to.Add(at);
                weights.Add(answer[at] - bias[at]);
            }
            starts[neuron + 1] = to.Count;
        }
        return new(source, starts, [.. to], [.. weights], bias);
    }

    IReadOnlyList<int> InputShape(string name) => shapes[graph.Edges.First(edge => edge.To == name).From];
}
