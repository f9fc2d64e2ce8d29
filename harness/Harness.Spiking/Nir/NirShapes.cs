namespace Harness.Spiking.Nir;

/// <summary>Shapes of the signals in a flat graph, from the inputs on. What a file leaves out is inferred.</summary>
static class NirShapes
{
    /// <summary>The shape that each node gives.</summary>
    /// <exception cref="HarnessException">An edge to nowhere, shapes that do not fit, or a shape that cannot be inferred.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<int>> Of(NirGraph graph)
    {
        foreach (var name in graph.Edges.SelectMany(edge => new[] { edge.From, edge.To }))
            if (!graph.Nodes.ContainsKey(name)) throw new HarnessException($"An edge names node {name}, which the graph does not have.");
        if (!graph.Nodes.Values.OfType<NirInput>().Any() || !graph.Nodes.Values.OfType<NirOutput>().Any())
            throw new HarnessException("A graph needs an Input and an Output node.");
        var shapes = new Dictionary<string, IReadOnlyList<int>>();
        var open = new Queue<string>(graph.Nodes.Keys);
        // Every turn of the queue settles a node or is one of a last round in which none can be.
        for (var idle = 0; open.Count > 0 && idle <= open.Count; idle++)
        {
            var name = open.Dequeue();
            var before = graph.Edges.FirstOrDefault(edge => edge.To == name && shapes.ContainsKey(edge.From));
            if (Given(name, graph.Nodes[name], before is null ? null : shapes[before.From]) is { } shape)
                (shapes[name], idle) = (shape, -1);
            else open.Enqueue(name);
        }
        if (open.Count > 0)
            throw new HarnessException($"The shape of {open.Peek()} cannot be inferred: it is not reached from an Input node.");
        foreach (var edge in graph.Edges) Fit(edge, shapes[edge.From], graph.Nodes[edge.To]);
        return shapes;
    }

    static IReadOnlyList<int>? Given(string name, NirNode node, IReadOnlyList<int>? input)
    {
        var (bias, outputs) = node switch
        {
            NirAffine { Bias: { } one, Weight: { Shape.Count: >= 2 } weight } => (one, weight.Values.Count / Math.Max(weight.Shape[^1], 1)),
            NirConvolution one => (one.Bias, one.Weight.Shape[0]),
            _ => (null, 0),
        };
        if (bias is not null && bias.Values.Count != outputs)
            throw new HarnessException($"Node {name} has {outputs} outputs and a bias of {bias.Values.Count}.");
        if (node is NirConvolution convolution && convolution.Weight.Shape[0] % convolution.Groups != 0)
            throw new HarnessException($"Node {name} cannot part {convolution.Weight.Shape[0]} outputs into {convolution.Groups} groups.");
        return Inferred(name, node, input);
    }

    static IReadOnlyList<int>? Inferred(string name, NirNode node, IReadOnlyList<int>? input) => node switch
    {
        NirInput one => one.Shape,
        NirOutput one => one.Shape,
        NirAffine { Weight.Shape: { Count: >= 2 } weight } => [.. weight.SkipLast(2), weight[^2]],
        NirNeuron one => Same(name, one),
        NirScale one => one.Scale.Shape,
        NirDelay one => one.Delay.Shape,
        NirFlatten one when (one.InputShape ?? input) is { } shape => Flat(shape, one),
        NirConvolution one when one.InputShape is not null || input is not null =>
            [one.Weight.Shape[0], .. Convolved(one, one.InputShape ?? [.. input!.Skip(1)])],
        NirPool one when input is { Count: > 2 } => [.. input.SkipLast(2), .. Enumerable.Range(0, 2).Select(axis =>
            (input[input.Count - 2 + axis] + 2 * one.Padding[axis] - one.Window[axis]) / one.Stride[axis] + 1)],
        NirFlatten or NirConvolution or NirPool => null,
        _ => throw new HarnessException($"Node {name} of kind {node.Kind} has no usable shape: weights need two axes or more, and pooling "
            + "an input of three."),
    };

    static void Fit(NirEdge edge, IReadOnlyList<int> given, NirNode target)
    {
        IReadOnlyList<int>? taken = target switch
        {
            NirInput one => one.Shape,
            NirOutput one => one.Shape,
            NirAffine one => [.. one.Weight.Shape.SkipLast(2), one.Weight.Shape[^1]],
            NirNeuron one => one.Form.Shape,
            NirScale one => one.Scale.Shape,
            NirDelay one => one.Delay.Shape,
            NirFlatten one => one.InputShape,
            NirConvolution one => [one.Weight.Shape[1] * one.Groups, .. one.InputShape ?? given.Skip(1)],
            _ => null,
        };
        if (taken is not null && !taken.SequenceEqual(given))
            throw new HarnessException($"{edge.From} gives [{string.Join(", ", given)}], but {edge.To} takes "
                + $"[{string.Join(", ", taken)}].");
    }

    static IReadOnlyList<int> Same(string name, NirNeuron neuron)
    {
        foreach (var (field, value) in NirFields.Of(neuron))
            if (value is NirArray array && !array.Shape.SequenceEqual(neuron.Form.Shape))
                throw new HarnessException($"Parameter {field} of {name} is [{string.Join(", ", array.Shape)}], the others are "
                    + $"[{string.Join(", ", neuron.Form.Shape)}]; give all parameters of a neuron one shape.");
        return neuron.Form.Shape;
    }

    static IReadOnlyList<int> Flat(IReadOnlyList<int> shape, NirFlatten flatten)
    {
        var last = flatten.Last < 0 ? shape.Count + flatten.Last : flatten.Last;
        if (flatten.First < 0 || last < flatten.First || last >= shape.Count)
            throw new HarnessException($"Axes {flatten.First} to {flatten.Last} of [{string.Join(", ", shape)}] cannot be flattened.");
        return [.. shape.Take(flatten.First), shape.Skip(flatten.First).Take(last - flatten.First + 1).Aggregate(1, (a, b) => a * b),
            .. shape.Skip(last + 1)];
    }

    static IEnumerable<int> Convolved(NirConvolution convolution, IReadOnlyList<int> input) =>
        Enumerable.Range(0, convolution.Axes).Select(axis =>
        {
            var (taps, dilation) = (convolution.Weight.Shape[axis + 2], convolution.Dilation[axis]);
            var (before, after) = convolution.Padding.Around(axis, taps, dilation);
            return (input[axis] + before + after - dilation * (taps - 1) - 1) / convolution.Stride[axis] + 1;
        });
}
