namespace Harness.Abstractions;

/// <summary>One axis of a wire, such as tokens or time steps. Samples of a batch are no axis: a circuit is of one sample.</summary>
public sealed record WireAxis(string Name, int Size);

/// <summary>What a node of a circuit does (after Abbott's neural circuit diagrams).</summary>
public enum CircuitOperation
{
    Input, Linear, Convolution, Contraction, Normalization, Elementwise, SoftMax, Pool, Reduce, Broadcast, Reshape, Split, Delay, Spike,
        Recurrence,
}

/// <summary>One operation. What it costs follows from its axes, so a diagram cannot show one thing and count another.</summary>
/// <param name="From">Names of earlier nodes whose values it takes; several are added, or contracted with one another.</param>
/// <param name="Axes">Axes of its result, outermost first.</param>
public sealed record CircuitNode(string Name, CircuitOperation Operation, IReadOnlyList<string> From, IReadOnlyList<WireAxis> Axes)
{
    /// <summary>Axes summed over, for linear, convolution and contraction; a kernel's taps are axes too.</summary>
    public IReadOnlyList<WireAxis> Contracted { get; init; } = [];
    /// <summary>Axes of its weights, if it has any.</summary>
    public IReadOnlyList<WireAxis> Weights { get; init; } = [];
    /// <summary>Further learned numbers: a bias, or scale and shift of a norm.</summary>
    public int Offsets { get; init; }
    /// <summary>Part of the model it belongs to; equal blocks in a row are drawn once.</summary>
    public string? Block { get; init; }
    public string? Detail { get; init; }

    public long Parameters => (Weights.Count == 0 ? 0 : Size(Weights)) + Offsets;
    /// <summary>Multiply-accumulates of a dense machine for one sample: results × terms of each sum.</summary>
    public double DenseOperations => Contracted.Count == 0 ? 0 : (double)Size(Axes) * Size(Contracted);

    static long Size(IReadOnlyList<WireAxis> axes) => axes.Aggregate(1L, (size, axis) => size * axis.Size);
}

/// <summary>A model as a graph; nodes stand after those they take values from, and the last one gives the answer.</summary>
public sealed record Circuit(IReadOnlyList<CircuitNode> Nodes)
{
    public long Parameters => Nodes.Sum(node => node.Parameters);
    public double DenseOperations => Nodes.Sum(node => node.DenseOperations);
    public IReadOnlyList<WireAxis> Answer => Nodes[^1].Axes;
}

/// <summary>Optional for a family: it can draw itself. Shapes, parameters and dense operations equal those of a prepared model.</summary>
public interface ICircuitFamily
{
    /// <param name="sample">Axes of one sample, as on the dataset's card.</param>
    Circuit Describe(IReadOnlyList<WireAxis> sample, int classes);
}
