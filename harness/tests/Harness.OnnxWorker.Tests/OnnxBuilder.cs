using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;

namespace Harness.OnnxWorker.Tests;

/// <summary>Writes small ONNX files field by field (numbers as in ONNX's onnx.proto).</summary>
sealed class OnnxBuilder
{
    const int Float = 1, Int64 = 7;

    readonly List<byte[]> graph = [];

    public long OperatorSet { get; init; } = 13;

    public OnnxBuilder Input(string name, params int?[] shape) => With(11, Value(name, shape));

    public OnnxBuilder Output(string name, params int?[] shape) => With(12, Value(name, shape));

    public OnnxBuilder Node(string kind, string[] inputs, string output, params byte[][] attributes) => With(1,
        [.. inputs.Select(input => Text(1, input)), Text(2, output), Text(4, kind), .. attributes.Select(one => Bytes(5, one))]);

    /// <summary>An attribute that is a text, or one that is a whole number.</summary>
    public static byte[] Attribute(string name, string value) => Join([Text(1, name), Text(4, value), Number(20, 3)]);

    /// <inheritdoc cref="Attribute(string, string)"/>
    public static byte[] Attribute(string name, long value) => Join([Text(1, name), Number(3, value), Number(20, 2)]);

    public static byte[] Attribute(string name, float value) => Join([Text(1, name), Real(2, value), Number(20, 1)]);

    public static byte[] Attribute(string name, IReadOnlyList<long> values) =>
        Join([Text(1, name), .. values.Select(value => Number(8, value)), Number(20, 7)]);

    public OnnxBuilder Weights(string name, float[] values, params int[] shape) =>
        With(5, [.. shape.Select(size => Number(1, size)), Number(2, Float), Text(8, name),
            Bytes(9, MemoryMarshal.AsBytes(values.AsSpan()).ToArray())]);

    /// <summary>Whole numbers, such as the axes of an operator.</summary>
    public OnnxBuilder Indices(string name, params long[] values) =>
        With(5, Number(1, values.Length), Number(2, Int64), Text(8, name), Bytes(9, MemoryMarshal.AsBytes(values.AsSpan()).ToArray()));

    /// <summary>Weights that lie in a file beside the model.</summary>
    public OnnxBuilder WeightsIn(string file, string name, int[] shape) =>
        With(5, [.. shape.Select(size => Number(1, size)), Number(2, Float), Text(8, name),
            Bytes(13, Join([Text(1, "location"), Text(2, file)])), Number(14, 1)]);

    public FileInfo WriteTo(DirectoryInfo folder, string name = "network.onnx")
    {
        var file = new FileInfo(Path.Combine(folder.FullName, name));
        File.WriteAllBytes(file.FullName, Join([Number(1, 8), Bytes(7, Join([Text(2, "graph"), .. graph])),
            Bytes(8, Number(2, OperatorSet))]));
        return file;
    }

    OnnxBuilder With(int field, params byte[][] parts)
    {
        graph.Add(Bytes(field, Join(parts)));
        return this;
    }

    static byte[][] Value(string name, int?[] shape) =>
        [Text(1, name), Bytes(2, Bytes(1, Join([Number(1, Float), Bytes(2, Join(shape.Select(size =>
            Bytes(1, size is { } known ? Number(1, known) : Text(2, "any")))))])))];

    static byte[] Join(IEnumerable<byte[]> parts) => [.. parts.SelectMany(part => part)];

    static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    static byte[] Bytes(int field, byte[] content) => Written(stream =>
    {
        stream.WriteTag(field, WireFormat.WireType.LengthDelimited);
        stream.WriteBytes(ByteString.CopyFrom(content));
    });

    static byte[] Number(int field, long value) => Written(stream =>
    {
        stream.WriteTag(field, WireFormat.WireType.Varint);
        stream.WriteInt64(value);
    });

    static byte[] Real(int field, float value) => Written(stream =>
    {
        stream.WriteTag(field, WireFormat.WireType.Fixed32);
        stream.WriteFloat(value);
    });

    static byte[] Written(Action<CodedOutputStream> write)
    {
        using var memory = new MemoryStream();
        using (var stream = new CodedOutputStream(memory, leaveOpen: true)) write(stream);
        return memory.ToArray();
    }
}
