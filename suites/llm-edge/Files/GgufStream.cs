using System.Runtime.InteropServices;
using System.Text;

namespace Suites.LlmEdge.Files;

/// <summary>A tensor to be written.</summary>
/// <param name="Shape">Lengths of the axes, the fastest first.</param>
/// <param name="Type">ggml's number of its type.</param>
/// <param name="Write">Writes exactly so many bytes.</param>
sealed record GgufEntry(string Name, IReadOnlyList<long> Shape, uint Type, long Bytes, Action<BinaryWriter> Write)
{
    const uint Int32Type = 26;

    public static GgufEntry Of(string name, IReadOnlyList<long> shape, float[] values) => new(name, shape, Packing.F32.Number,
        sizeof(float) * (long)values.Length, writer => writer.Write(MemoryMarshal.AsBytes(values.AsSpan())));

    public static GgufEntry Of(string name, IReadOnlyList<long> shape, int[] values) => new(name, shape, Int32Type,
        sizeof(int) * (long)values.Length, writer => writer.Write(MemoryMarshal.AsBytes(values.AsSpan())));
}

/// <summary>Writes GGUF version 3 (ggml specification): metadata, descriptions of tensors, and their data from aligned places on.</summary>
static class GgufStream
{
    const uint Magic = 0x46554747;
    const uint Version = 3;

    enum Kind { UInt32 = 4, Int32 = 5, Single = 6, Flag = 7, Text = 8, Array = 9 }

    /// <param name="metadata">Values of uint, float, bool, string, and arrays of int, float, string.</param>
    /// <param name="alignment">What <c>general.alignment</c> of the metadata says.</param>
    public static void Write(Stream stream, IReadOnlyList<(string Key, object Value)> metadata, IReadOnlyList<GgufEntry> tensors,
        int alignment)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write((ulong)tensors.Count);
        writer.Write((ulong)metadata.Count);
        foreach (var (key, value) in metadata)
        {
            Text(writer, key);
            Value(writer, value);
        }
        var offset = 0L;
        foreach (var tensor in tensors)
        {
            Text(writer, tensor.Name);
            writer.Write((uint)tensor.Shape.Count);
            foreach (var length in tensor.Shape) writer.Write((ulong)length);
            writer.Write(tensor.Type);
            writer.Write((ulong)offset);
            offset += tensor.Bytes + Missing(tensor.Bytes);
        }
        Pad(stream.Position);
        foreach (var tensor in tensors)
        {
            tensor.Write(writer);
            Pad(tensor.Bytes);
        }

        long Missing(long length) => (alignment - length % alignment) % alignment;

        void Pad(long length)
        {
            for (var missing = Missing(length); missing > 0; missing--) writer.Write((byte)0);
        }
    }

    static void Value(BinaryWriter writer, object value)
    {
        writer.Write((uint)KindOf(value));
        if (value is not Array items)
        {
            Plain(writer, value);
            return;
        }
        writer.Write((uint)(value switch { string[] => Kind.Text, float[] => Kind.Single, _ => Kind.Int32 }));
        writer.Write((ulong)items.Length);
        foreach (var item in items) Plain(writer, item);
    }

    static Kind KindOf(object value) => value switch
    {
        uint => Kind.UInt32, float => Kind.Single, bool => Kind.Flag, string => Kind.Text, _ => Kind.Array,
    };

    static void Plain(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case uint number: writer.Write(number); break;
            case int number: writer.Write(number); break;
            case float number: writer.Write(number); break;
            case bool flag: writer.Write(flag); break;
            default: Text(writer, (string)value); break;
        }
    }

    static void Text(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }
}
