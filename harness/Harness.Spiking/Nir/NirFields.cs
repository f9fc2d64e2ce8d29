namespace Harness.Spiking.Nir;

/// <summary>Nodes as named values, in the words of NIR's files: the one place that knows both.</summary>
static class NirFields
{
    /// <summary>The values of a node; what is null is left out.</summary>
    public static IEnumerable<(string Name, NirValue Value)> Of(NirNode node) => Every(node).Where(field => field.Value is not null)
        .Select(field => (field.Name, field.Value!));

    static (string Name, NirValue? Value)[] Every(NirNode node) => node switch
    {
        NirInput one => [("shape", NirArray.Of(one.Shape))],
        NirOutput one => [("shape", NirArray.Of(one.Shape))],
        NirAffine one => [("weight", one.Weight), ("bias", one.Bias)],
        NirConvolution one => [("weight", one.Weight), ("bias", one.Bias), ("stride", Amounts(one.Stride, one.Axes)),
            ("padding", one.Padding.Word is { } word ? new NirText(word) : Amounts(one.Padding.Amounts, one.Axes)),
            ("dilation", Amounts(one.Dilation, one.Axes)), ("groups", NirArray.Of(one.Groups)),
            ("input_shape", one.InputShape is { } shape ? Amounts(shape, one.Axes) : null)],
        NirScale one => [("scale", one.Scale)],
        NirDelay one => [("delay", one.Delay)],
        NirFlatten one => [("start_dim", NirArray.Of(one.First)), ("end_dim", NirArray.Of(one.Last)),
            ("input_type", one.InputShape is { } shape ? NirArray.Of(shape) : null)],
        NirPool one => [("kernel_size", NirArray.Of(one.Window)), ("stride", NirArray.Of(one.Stride)),
            ("padding", NirArray.Of(one.Padding))],
        NirIntegrator one => [("r", one.R)],
        NirIntegrateAndFire one => [("r", one.R), ("v_threshold", one.Threshold), ("v_reset", one.Reset)],
        NirLeakyIntegrator one => [("tau", one.Tau), ("r", one.R), ("v_leak", one.Leak)],
        NirLif one => [("tau", one.Tau), ("r", one.R), ("v_leak", one.Leak), ("v_threshold", one.Threshold), ("v_reset", one.Reset)],
        NirCubaLeakyIntegrator one => [("tau_syn", one.SynapseTau), ("tau_mem", one.MembraneTau), ("r", one.R), ("v_leak", one.Leak),
            ("w_in", one.InputWeight)],
        NirCubaLif one => [("tau_syn", one.SynapseTau), ("tau_mem", one.MembraneTau), ("r", one.R), ("v_leak", one.Leak),
            ("v_threshold", one.Threshold), ("v_reset", one.Reset), ("w_in", one.InputWeight)],
        NirThreshold one => [("threshold", one.Threshold)],
        NirGraph => [],
        _ => throw new HarnessException($"A node of kind {node.Kind} has no fields."),
    };

    /// <summary>The node of a kind from its values.</summary>
    /// <exception cref="HarnessException">A kind that is unknown, a value that is missing or of another form.</exception>
    public static NirNode Node(string kind, NirFieldReader fields) => kind switch
    {
        "Input" => new NirInput(fields.Integers("shape")),
        "Output" => new NirOutput(fields.Integers("shape")),
        "Affine" => new NirAffine(fields.Array("weight"), fields.Array("bias")),
        "Linear" => new NirAffine(fields.Array("weight"), null),
        "Conv1d" => Convolution(fields, 1),
        "Conv2d" => Convolution(fields, 2),
        "Scale" => new NirScale(fields.Array("scale")),
        "Delay" => new NirDelay(fields.Array("delay")),
        "Flatten" => new NirFlatten(fields.Integer("start_dim"), fields.Integer("end_dim"), fields.IntegersOrNull("input_type")),
        "SumPool2d" or "AvgPool2d" => new NirPool(kind == "AvgPool2d", fields.Positive("kernel_size", 2), fields.Positive("stride", 2),
            fields.Integers("padding", 2)),
        "I" => new NirIntegrator(fields.Array("r")),
        "IF" => new NirIntegrateAndFire(fields.Array("r"), fields.Array("v_threshold"), fields.ZerosUnlessGiven("v_reset", "v_threshold")),
        "LI" => new NirLeakyIntegrator(fields.Array("tau"), fields.Array("r"), fields.Array("v_leak")),
        "LIF" => new NirLif(fields.Array("tau"), fields.Array("r"), fields.Array("v_leak"), fields.Array("v_threshold"),
            fields.ZerosUnlessGiven("v_reset", "v_threshold")),
        "CubaLI" => new NirCubaLeakyIntegrator(fields.Array("tau_syn"), fields.Array("tau_mem"), fields.Array("r"), fields.Array("v_leak"),
            fields.Spread("w_in", "v_leak")),
        "CubaLIF" => new NirCubaLif(fields.Array("tau_syn"), fields.Array("tau_mem"), fields.Array("r"), fields.Array("v_leak"),
            fields.Array("v_threshold"), fields.ZerosUnlessGiven("v_reset", "v_threshold"), fields.Spread("w_in", "v_threshold")),
        "Threshold" => new NirThreshold(fields.Array("threshold")),
        _ => throw fields.Error($"is of kind {kind}, which is unknown; known are Input, Output, Affine, Linear, Conv1d, Conv2d, Scale, "
            + "Delay, Flatten, SumPool2d, AvgPool2d, I, IF, LI, LIF, CubaLI, CubaLIF, Threshold and NIRGraph"),
    };

    static NirConvolution Convolution(NirFieldReader fields, int axes) => new(fields.Array("weight", axes + 2), fields.Array("bias"),
        fields.Positive("stride", axes), fields.TextOrNull("padding") switch
        {
            null => NirPadding.Of(fields.Integers("padding", axes)),
            "same" => NirPadding.Same,
            "valid" => NirPadding.Valid,
            var word => throw fields.Error($"has padding `{word}`; allowed are numbers, `same` and `valid`"),
        }, fields.Positive("dilation", axes), fields.Positive("groups", 1)[0], fields.IntegersOrNull("input_shape", axes));

    // NIR keeps the single axis of a Conv1d as numbers without axes.
    static NirArray Amounts(IReadOnlyList<int> amounts, int axes) => axes == 1 ? NirArray.Of(amounts[0]) : NirArray.Of(amounts);
}

/// <summary>The values of one node, asked for by name.</summary>
/// <param name="node">What messages call the node.</param>
sealed class NirFieldReader(string node, IReadOnlyDictionary<string, NirValue> values)
{
    public HarnessException Error(string problem) => new($"Node {node} {problem}.");

    /// <param name="axes">How many it must have; null for any number.</param>
    public NirArray Array(string name, int? axes = null)
    {
        var array = values.GetValueOrDefault(name) as NirArray ?? throw Error($"has no numbers {name}");
        return axes is null || array.Shape.Count == axes ? array
            : throw Error($"has {name} of shape [{string.Join(", ", array.Shape)}] where {axes} axes are expected");
    }

    public string? TextOrNull(string name) => (values.GetValueOrDefault(name) as NirText)?.Text;

    public int Integer(string name) => Integers(name, 1)[0];

    /// <param name="count">How many; a single one stands for all. Null for any number.</param>
    public int[] Integers(string name, int? count = null)
    {
        var array = Array(name);
        if (array.Shape.Count > 1 || array.Values.Any(value => value != Math.Round(value) || Math.Abs(value) > int.MaxValue))
            throw Error($"has {name} {array} where whole numbers are expected");
        var numbers = array.Values.Select(value => (int)value).ToArray();
        if (count is null || numbers.Length == count) return numbers;
        return numbers.Length == 1 ? [.. Enumerable.Repeat(numbers[0], count.Value)]
            : throw Error($"has {numbers.Length} numbers {name} where {count} are expected");
    }

    public int[] Positive(string name, int count) => Integers(name, count) is var numbers && numbers.All(number => number > 0) ? numbers
        : throw Error($"has {name} {string.Join(", ", numbers)} where numbers above 0 are expected");

    public int[]? IntegersOrNull(string name, int? count = null) => values.ContainsKey(name) ? Integers(name, count) : null;

    /// <summary>Zeros in the form of another parameter: files of early versions have no reset.</summary>
    public NirArray ZerosUnlessGiven(string name, string form) => values.ContainsKey(name) ? Array(name)
        : NirArray.Filled(Array(form).Type, 0, [.. Array(form).Shape]);

    /// <summary>A number without axes stands for all.</summary>
    public NirArray Spread(string name, string form) => Array(name) is { Shape.Count: 0 } one && Array(form).Shape.Count > 0
        ? NirArray.Filled(one.Type, one.Values[0], [.. Array(form).Shape]) : Array(name);
}
