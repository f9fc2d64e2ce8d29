namespace Suites.SpikingTransformers.Networks;

/// <summary>The networks of this suite as circuits: the same layers, counted from their axes.</summary>
static class Circuits
{
    static readonly WireAxis Taps = new("tap", 9);

    public static Circuit Readout(IReadOnlyList<WireAxis> sample, int classes, string name)
    {
        WireAxis[] inputs = [new("pixel", sample.Aggregate(1, (size, axis) => size * axis.Size))];
        return new([new("pixels", CircuitOperation.Input, [], sample), new("flat", CircuitOperation.Reshape, ["pixels"], inputs),
            Linear(name, "flat", inputs, [], new("class", classes), null)]);
    }

    public static Circuit Perceptron(IReadOnlyList<WireAxis> sample, int classes, int hidden, int depth, int steps, string neuron)
    {
        var time = new WireAxis("step", steps);
        WireAxis[] features = [new("pixel", sample.Aggregate(1, (size, axis) => size * axis.Size))];
        var nodes = new List<CircuitNode>
        {
            new("pixels", CircuitOperation.Input, [], sample), new("flat", CircuitOperation.Reshape, ["pixels"], features),
        };
        var last = "flat";
        for (var layer = 1; layer <= depth; layer++)
        {
            // The first layer's current is the same at every step: it is computed once.
            WireAxis[] outer = layer == 1 ? [] : [time];
            var to = new WireAxis("neuron", hidden);
            last = Unit(nodes, $"hidden{layer}", last, features, outer, to, time, neuron);
            features = [to];
        }
        // The mean over steps of W s + b is counted step by step, as the spikes come.
        nodes.Add(Linear("readout", last, features, [time], new("class", classes), null));
        nodes.Add(new("mean", CircuitOperation.Reduce, ["readout"], [new("class", classes)]) { Detail = "mean over steps" });
        return new(nodes);
    }

    /// <summary>The analog twin of Spikformer.</summary>
    public static Circuit Transformer(IReadOnlyList<WireAxis> sample, TransformerShape shape)
    {
        var nodes = new List<CircuitNode> { new("pixels", CircuitOperation.Input, [], sample) };
        var (last, rows, columns) = ("pixels", sample[1].Size, sample[2].Size);
        int[] widths = [shape.Channels, shape.Width / 8, shape.Width / 4, shape.Width / 2, shape.Width];
        for (var patch = 1; patch <= 4; patch++)
        {
            last = Convolution(nodes, $"patches{patch}", last, widths[patch - 1], widths[patch], rows, columns);
            if (patch < 3) continue;
            (rows, columns) = ((rows + 1) / 2, (columns + 1) / 2);
            nodes.Add(new($"pool{patch}", CircuitOperation.Pool, [last], Map(widths[patch], rows, columns))
            { Detail = "3×3 maximum, stride 2" });
            last = $"pool{patch}";
        }
        var position = Convolution(nodes, "position", last, shape.Width, shape.Width, rows, columns);
        var (tokens, width) = (new WireAxis("token", rows * columns), new WireAxis("width", shape.Width));
        nodes.Add(new("tokens", CircuitOperation.Reshape, [last, position], [tokens, width]) { Detail = "sum, one token per place" });
        last = "tokens";
        for (var block = 1; block <= shape.Depth; block++) last = Block(nodes, $"block{block}", last, shape, tokens, width);
        nodes.Add(new("norm", CircuitOperation.Normalization, [last], [tokens, width]) { Offsets = 2 * shape.Width,
            Detail = "layer norm" });
        nodes.Add(new("mean", CircuitOperation.Reduce, ["norm"], [width]) { Detail = "mean over tokens" });
        nodes.Add(Linear("readout", "mean", [width], [], new("class", shape.Classes), null));
        return new(nodes);
    }

    static string Block(List<CircuitNode> nodes, string block, string input, TransformerShape shape, WireAxis tokens, WireAxis width)
    {
        string Layer(string name, string from, WireAxis inputs, WireAxis to)
        {
            nodes.Add(Linear($"{block}.{name}", from, [inputs], [tokens], to, block));
            return $"{block}.{name}";
        }
        var normed = Norm(nodes, $"{block}.norm1", input, [tokens, width], block);
        var projected = Layer("attention.qkv", normed, width, new("qkv", 3 * shape.Width));
        var mixed = Attention(nodes, $"{block}.attention", projected, shape, tokens, width, block);
        var attended = Layer("attention.output", mixed, width, width);
        nodes.Add(new($"{block}.sum1", CircuitOperation.Elementwise, [input, attended], [tokens, width]) { Block = block,
            Detail = "add" });
        var middle = Norm(nodes, $"{block}.norm2", $"{block}.sum1", [tokens, width], block);
        var wide = new WireAxis("hidden", shape.Width * shape.MlpRatio);
        var widened = Layer("widen", middle, width, wide);
        nodes.Add(new($"{block}.gelu", CircuitOperation.Elementwise, [widened], [tokens, wide]) { Block = block, Detail = "GELU" });
        var narrowed = Layer("narrow", $"{block}.gelu", wide, width);
        nodes.Add(new($"{block}.sum2", CircuitOperation.Elementwise, [$"{block}.sum1", narrowed], [tokens, width]) { Block = block,
            Detail = "add" });
        return $"{block}.sum2";
    }

    static string Attention(List<CircuitNode> nodes, string name, string projected, TransformerShape shape, WireAxis tokens, WireAxis width,
        string block)
    {
        var (heads, feature) = (new WireAxis("head", shape.Heads), new WireAxis("feature", shape.Width / shape.Heads));
        foreach (var part in new[] { "query", "key", "value" })
            nodes.Add(new($"{name}.{part}", CircuitOperation.Split, [projected], [tokens, heads, feature]) { Block = block });
        nodes.Add(new($"{name}.query_keys", CircuitOperation.Contraction, [$"{name}.query", $"{name}.key"], [heads, tokens, tokens])
        { Contracted = [feature], Block = block, Detail = "q kᵀ" });
        nodes.Add(new($"{name}.softmax", CircuitOperation.SoftMax, [$"{name}.query_keys"], [heads, tokens, tokens]) { Block = block });
        nodes.Add(new($"{name}.weights_values", CircuitOperation.Contraction, [$"{name}.softmax", $"{name}.value"], [tokens, width])
        { Contracted = [tokens], Block = block, Detail = "weights v" });
        return $"{name}.weights_values";
    }

    // Linear, batch norm and neurons.
    static string Unit(List<CircuitNode> nodes, string name, string from, WireAxis[] inputs, WireAxis[] outer, WireAxis to, WireAxis time,
        string neuron)
    {
        nodes.Add(Linear(name, from, inputs, outer, to, null));
        nodes.Add(new($"{name}.norm", CircuitOperation.Normalization, [name], [.. outer, to]) { Offsets = 2 * to.Size,
            Detail = "batch norm" });
        nodes.Add(new($"{name}.lif", CircuitOperation.Spike, [$"{name}.norm"], [time, to]) { Detail = neuron });
        return $"{name}.lif";
    }

    static string Convolution(List<CircuitNode> nodes, string name, string from, int inputs, int outputs, int rows, int columns)
    {
        nodes.Add(new(name, CircuitOperation.Convolution, [from], Map(outputs, rows, columns))
        { Contracted = [new("channel", inputs), Taps], Weights = [new("channel", outputs), new("channel", inputs), Taps], Detail = "3×3" });
        nodes.Add(new($"{name}.norm", CircuitOperation.Normalization, [name], Map(outputs, rows, columns))
        { Offsets = 2 * outputs, Detail = "batch norm" });
        nodes.Add(new($"{name}.relu", CircuitOperation.Elementwise, [$"{name}.norm"], Map(outputs, rows, columns))
        { Detail = "max(0, ·)" });
        return nodes[^1].Name;
    }

    static string Norm(List<CircuitNode> nodes, string name, string from, WireAxis[] axes, string block)
    {
        nodes.Add(new(name, CircuitOperation.Normalization, [from], axes) { Offsets = 2 * axes[^1].Size, Block = block,
            Detail = "layer norm" });
        return name;
    }

    static CircuitNode Linear(string name, string from, WireAxis[] inputs, WireAxis[] outer, WireAxis to, string? block) =>
        new(name, CircuitOperation.Linear, [from], [.. outer, to]) { Contracted = inputs, Weights = [to, .. inputs], Offsets = to.Size,
            Block = block };

    static WireAxis[] Map(int channels, int rows, int columns) =>
        [new("channel", channels), new("row", rows), new("column", columns)];
}
