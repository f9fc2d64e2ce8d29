namespace Harness.Spiking.Nir;

/// <summary>
/// A node of the Neuromorphic Intermediate Representation (Pedersen et al., Nature Communications 2024): a computation on a signal in
/// continuous time. Time constants and delays are seconds. docs/nir.md lists the nodes, and how our neurons become them.
/// </summary>
public abstract record NirNode
{
    private protected NirNode() { }

    /// <summary>Facts about the node that no computation depends on.</summary>
    public IReadOnlyDictionary<string, NirValue> Metadata { get; init; } = new Dictionary<string, NirValue>();

    /// <summary>The name of the kind of node in a file.</summary>
    public abstract string Kind { get; }

    /// <summary>The parameters under their names in a file; a graph has none but its nodes and edges.</summary>
    public IReadOnlyList<(string Name, NirValue Value)> Parameters() => [.. NirFields.Of(this)];
}

/// <summary>Where signals enter.</summary>
public sealed record NirInput(IReadOnlyList<int> Shape) : NirNode
{
    public override string Kind => "Input";
}

/// <summary>Where signals leave.</summary>
public sealed record NirOutput(IReadOnlyList<int> Shape) : NirNode
{
    public override string Kind => "Output";
}

/// <summary>y = W x + b, with weights [..., outputs, inputs]; without bias it is NIR's Linear.</summary>
public sealed record NirAffine(NirArray Weight, NirArray? Bias) : NirNode
{
    public override string Kind => Bias is null ? "Linear" : "Affine";
}

/// <summary>A convolution over one or two axes, after as many of the weights: [outputs, inputs / groups, taps, ...].</summary>
/// <param name="InputShape">Lengths of the axes that are convolved over; null where a file leaves them out.</param>
public sealed record NirConvolution(NirArray Weight, NirArray Bias, IReadOnlyList<int> Stride, NirPadding Padding,
    IReadOnlyList<int> Dilation, int Groups, IReadOnlyList<int>? InputShape) : NirNode
{
    public int Axes => Weight.Shape.Count - 2;
    public override string Kind => $"Conv{Axes}d";
}

/// <summary>Zeros around an input: so many on both sides of each axis, or by a word.</summary>
public sealed record NirPadding
{
    NirPadding(IReadOnlyList<int> amounts, string? word) => (Amounts, Word) = (amounts, word);

    /// <summary>As many as keep the length, at stride 1.</summary>
    public static NirPadding Same { get; } = new([], "same");
    /// <summary>None.</summary>
    public static NirPadding Valid { get; } = new([], "valid");
    public static NirPadding Of(params IReadOnlyList<int> amounts) => new(amounts, null);

    public string? Word { get; }
    public IReadOnlyList<int> Amounts { get; }

    /// <summary>Zeros before and after <paramref name="axis"/>.</summary>
    public (int Before, int After) Around(int axis, int taps, int dilation)
    {
        if (this == Valid) return (0, 0);
        if (this != Same) return (Amounts[axis], Amounts[axis]);
        var all = dilation * (taps - 1);
        return (all / 2, all - all / 2);
    }
}

/// <summary>y = x ⊙ s.</summary>
public sealed record NirScale(NirArray Scale) : NirNode
{
    public override string Kind => "Scale";
}

/// <summary>y(t) = x(t − delay).</summary>
public sealed record NirDelay(NirArray Delay) : NirNode
{
    public override string Kind => "Delay";
}

/// <summary>Merges the axes from <paramref name="First"/> to <paramref name="Last"/>, which counts from the end where negative.</summary>
public sealed record NirFlatten(int First, int Last, IReadOnlyList<int>? InputShape) : NirNode
{
    public override string Kind => "Flatten";
}

/// <summary>Sums, or means, over windows of the last two axes.</summary>
public sealed record NirPool(bool Average, IReadOnlyList<int> Window, IReadOnlyList<int> Stride, IReadOnlyList<int> Padding) : NirNode
{
    public override string Kind => Average ? "AvgPool2d" : "SumPool2d";
}
