namespace Harness.OnnxWorker.Format;

/// <summary>What a stored tensor is, without its values.</summary>
/// <param name="Type">Number of the type in ONNX's TensorProto.DataType.</param>
/// <param name="Location">Name of the file that holds the values; null where they are in the model's.</param>
sealed record OnnxTensor(string Name, IReadOnlyList<long> Shape, int Type, string? Location)
{
    public long Size => Shape.Aggregate(1L, (size, axis) => size * axis);

    public long Bits => Size * BitsOf(Type);

    /// <summary>Shapes, indices, flags and words are no parameters.</summary>
    public bool IsParameter => Type is not (Int64 or Text or Flag or UInt64);

    const int Int64 = 7, Text = 8, Flag = 9, UInt64 = 13;

    static int BitsOf(int type) => type switch
    {
        1 or 6 or 12 => 32,
        4 or 5 or 10 or 16 => 16,
        Int64 or 11 or UInt64 or 14 => 64,
        15 => 128,
        21 or 22 or 23 => 4,
        _ => 8,
    };
}
