namespace Suites.SpikingTransformers.Networks.Drawing;

/// <summary>The result of a node. A map has the axes channel, row, column; tokens have token, width; a step may stand before.</summary>
sealed record Wire(string Name, IReadOnlyList<WireAxis> Axes)
{
    public int Size(string axis) => Axes.First(one => one.Name == axis).Size;
    public bool IsTimed => Axes[0].Name == "step";
    public bool IsMap => Axes[^1].Name == "column";
    public Grid Grid => new(Size("row"), Size("column"));
    public WireAxis Last => Axes[^1];

    /// <summary>Features of each place.</summary>
    public int Width => IsMap ? Size("channel") : Last.Size;

    public IReadOnlyList<WireAxis> Without(params string[] names) => [.. Axes.Where(axis => !names.Contains(axis.Name))];
}

/// <summary>A circuit while layers draw themselves into it.</summary>
/// <param name="steps">Time steps of all neurons.</param>
sealed class Sketch(int steps)
{
    readonly List<CircuitNode> nodes = [];
    readonly WireAxis time = new("step", steps);

    /// <summary>The part of the model that is being drawn.</summary>
    public string? Block { get; set; }

    public Circuit Circuit => new(nodes);

    public Wire Input(IReadOnlyList<WireAxis> sample) => Add(new("pixels", CircuitOperation.Input, [], sample));

    public Wire Linear(string name, Wire from, int outputs, bool bias, string axis = "width") =>
        Add(new(name, CircuitOperation.Linear, [from.Name], [.. from.Axes.SkipLast(1), new(axis, outputs)])
        {
            Contracted = [from.Last], Weights = [new(axis, outputs), from.Last], Offsets = bias ? outputs : 0,
        });

    public Wire Convolution(string name, Wire from, ConvShape shape)
    {
        WireAxis[] kernel = [new("channel", shape.Inputs / shape.Groups), new("tap", shape.Taps)];
        return Add(new(name, CircuitOperation.Convolution, [from.Name], Map(from, shape.Outputs, shape.Places(from.Grid)))
        {
            Contracted = kernel, Weights = [new("channel", shape.Outputs), .. kernel], Offsets = shape.Bias ? shape.Outputs : 0,
            Detail = shape.Groups == 1 ? $"{shape}" : $"{shape}, {shape.Groups} groups",
        });
    }

    public Wire Norm(string name, Wire from, string detail = "batch norm") =>
        Add(new(name, CircuitOperation.Normalization, [from.Name], from.Axes) { Offsets = 2 * from.Width, Detail = detail });

    /// <summary>Neurons give a value at each step, also of a current that has no steps.</summary>
    public Wire Spike(string name, Wire from, NeuronRules rules) =>
        Add(new(name, CircuitOperation.Spike, [from.Name], from.IsTimed ? from.Axes : [time, .. from.Axes])
        { Offsets = rules.Parameters, Detail = $"{rules}" });

    /// <summary>What is the same at all steps, at each of them.</summary>
    public Wire OverTime(string name, Wire from, string detail) => from.IsTimed ? from
        : Add(new(name, CircuitOperation.Broadcast, [from.Name], [time, .. from.Axes]) { Detail = detail });

    public Wire Pool(string name, Wire from) =>
        Add(new(name, CircuitOperation.Pool, [from.Name], Map(from, from.Width, from.Grid.Halved)) { Detail = "3×3 maximum, stride 2" });

    public Wire Tokens(string name, params IReadOnlyList<Wire> maps) =>
        Add(new(name, CircuitOperation.Reshape, [.. maps.Select(map => map.Name)], [.. maps[0].Without("channel", "row", "column"),
            new("token", maps[0].Grid.Tokens), new("width", maps[0].Width)])
        { Detail = maps.Count > 1 ? "sum, one token per place" : "one token per place" });

    public Wire Map(string name, Wire tokens, Grid grid) => Add(new(name, CircuitOperation.Reshape, [tokens.Name],
        Map(tokens, tokens.Width, grid)) { Detail = "tokens in their places" });

    public Wire Sum(string name, params IReadOnlyList<Wire> terms) => Combine(name, "add", terms);

    /// <summary>Element by element; the axes are those of the longest.</summary>
    public Wire Combine(string name, string detail, params IReadOnlyList<Wire> terms) =>
        Add(new(name, CircuitOperation.Elementwise, [.. terms.Select(term => term.Name)], terms.MaxBy(term => term.Axes.Count)!.Axes)
        { Detail = detail });

    public Wire Mean(string name, Wire from, string detail, params string[] axes) =>
        Add(new(name, CircuitOperation.Reduce, [from.Name], from.Without(axes)) { Detail = detail });

    /// <summary>Any other node; it belongs to the block being drawn.</summary>
    public Wire Add(CircuitNode node)
    {
        nodes.Add(node with { Block = node.Block ?? Block });
        return new(node.Name, node.Axes);
    }

    static WireAxis[] Map(Wire from, int channels, Grid grid) =>
        [.. from.Axes.Where(axis => axis.Name == "step"), new("channel", channels), new("row", grid.Rows), new("column", grid.Columns)];
}
