namespace Suites.LlmEdge.Pruning;

/// <summary>The weights of a linear layer, [rows (outputs), width (inputs)], of which some are pruned: they are zero.</summary>
sealed class PrunedLayer
{
    readonly bool[] _pruned;

    /// <param name="values">The network's own weights: what is pruned here is pruned there.</param>
    public PrunedLayer(string name, int rows, int width, float[] values)
    {
        if (values.Length != rows * width)
            throw new ArgumentException($"{values.Length} weights are no matrix of [{rows}, {width}].", nameof(values));
        (Name, Rows, Width, Values, Original, _pruned) = (name, rows, width, values, [.. values], new bool[values.Length]);
    }

    public string Name { get; }
    public int Rows { get; }
    public int Width { get; }

    /// <summary>The weights as they are now.</summary>
    public float[] Values { get; }

    /// <summary>The weights as they were before any was pruned.</summary>
    public float[] Original { get; }

    public IReadOnlyList<bool> Pruned => _pruned;

    public int Kept => _pruned.AsSpan().Count(false);

    /// <summary>Prunes a weight, or gives it its first value again.</summary>
    public void Set(int index, bool pruned) =>
        (_pruned[index], Values[index]) = (pruned, pruned ? 0 : Original[index]);

    public void Set(ReadOnlySpan<bool> pruned)
    {
        for (var index = 0; index < _pruned.Length; index++) Set(index, pruned[index]);
    }

    /// <summary>Prunes, and gives the kept weights other values than they had.</summary>
    public void Replace(ReadOnlySpan<float> values, ReadOnlySpan<bool> pruned)
    {
        for (var index = 0; index < _pruned.Length; index++)
            (_pruned[index], Values[index]) = (pruned[index], pruned[index] ? 0 : values[index]);
    }
}
