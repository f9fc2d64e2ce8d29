namespace Harness.Spiking.Nir;

/// <summary>A value of a node: numbers or a text.</summary>
public abstract record NirValue
{
    private protected NirValue() { }
}

public sealed record NirText(string Text) : NirValue;

/// <summary>
/// The types of numbers that are written. Others are read as the one that holds them: float16 as Float32, integers as Int64.
/// </summary>
public enum NirType { Float32, Float64, Int64 }

/// <summary>
/// Numbers in C order, of a type; a shape without axes is a single number. float64 holds them exactly, integers up to 2^53.
/// </summary>
public sealed record NirArray : NirValue
{
    readonly double[] values;
    readonly int[] shape;

    /// <exception cref="HarnessException">The shape has another number of values.</exception>
    public NirArray(NirType type, double[] values, params int[] shape)
    {
        if (shape.Aggregate(1L, (product, length) => product * length) != values.Length)
            throw new HarnessException($"An array of shape [{string.Join(", ", shape)}] was given {values.Length} values.");
        (Type, this.values, this.shape) = (type, values, shape);
    }

    public NirType Type { get; }
    public IReadOnlyList<int> Shape => shape;
    public IReadOnlyList<double> Values => values;

    public static NirArray Of(float[] values, params int[] shape) =>
        new(NirType.Float32, Array.ConvertAll(values, value => (double)value), shape);

    /// <summary>Integers along one axis.</summary>
    public static NirArray Of(IReadOnlyList<int> values) => new(NirType.Int64, [.. values.Select(value => (double)value)], values.Count);

    /// <summary>One integer, without axes.</summary>
    public static NirArray Of(int value) => new(NirType.Int64, [value]);

    /// <summary>The same number everywhere.</summary>
    public static NirArray Filled(NirType type, double value, params int[] shape)
    {
        var all = new double[shape.Aggregate(1, (product, length) => product * length)];
        Array.Fill(all, value);
        return new(type, all, shape);
    }

    public bool Equals(NirArray? other) => other is not null && Type == other.Type && shape.AsSpan().SequenceEqual(other.shape)
        && values.AsSpan().SequenceEqual(other.values);

    public override int GetHashCode() => HashCode.Combine(Type, values.Length, values.Length == 0 ? 0 : values[0]);

    /// <summary>A few values as they are, many by their range.</summary>
    public override string ToString() => values.Length <= 4 ? string.Join(" ", values.Select(value => $"{value:G9}"))
        : values.Min() == values.Max() ? $"[{string.Join(", ", shape)}] all {values[0]:G9}"
        : $"[{string.Join(", ", shape)}] {values.Min():G6} to {values.Max():G6}";
}
