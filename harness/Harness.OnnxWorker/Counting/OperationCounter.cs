using Google.Protobuf;
using Harness.OnnxWorker.Format;
using Microsoft.ML.OnnxRuntime;

namespace Harness.OnnxWorker.Counting;

/// <summary>
/// Multiply-accumulates of a network, as a dense machine does them, from the shapes that it has when it runs: a copy of the network, not
/// optimized, that also gives the values in between.
/// </summary>
sealed class OperationCounter(OnnxFile file)
{
    public Footprint Footprint { get; } = FootprintOf([.. file.Parameters]);

    /// <summary>Layers with weights or products, in the order of the file.</summary>
    /// <param name="name">Of the network's input.</param>
    /// <param name="input">One sample.</param>
    /// <exception cref="UnsupportedException">An operator's work is not counted; the message names it.</exception>
    public IReadOnlyList<LayerOperations> Count(string name, OrtValue input)
    {
        if (file.Nodes.FirstOrDefault(node => !MultiplyAccumulates.AreKnownOf(node)) is { } unknown)
            throw new UnsupportedException($"the multiply-accumulates of {unknown.Operator} (node {unknown.Title}) are not counted");
        OnnxNode[] layers = [.. file.Nodes.Where(MultiplyAccumulates.AreDoneBy)];
        var shapes = ShapesOf(layers, name, input);
        return [.. layers.Select(layer => LayerOf(layer, shapes))];
    }

    LayerOperations LayerOf(OnnxNode node, Dictionary<string, long[]> shapes)
    {
        var macs = MultiplyAccumulates.Of(node, value => shapes[value]);
        var weights = node.Inputs.Where(file.Tensors.ContainsKey).Select(value => file.Tensors[value]).ToList();
        return new(node.Title, MultiplyAccumulates.KindOf(node, weights.Count > 0), macs, 0, macs)
        {
            WeightBytes = weights.Sum(tensor => tensor.Bits) / 8,
            Shape = MultiplyAccumulates.ShapeOrNull(node, file.Tensors.ContainsKey(node.Inputs[^1]), value => shapes[value]),
        };
    }

    Dictionary<string, long[]> ShapesOf(IReadOnlyList<OnnxNode> layers, string name, OrtValue input)
    {
        var shapes = file.Tensors.ToDictionary(entry => entry.Key, entry => entry.Value.Shape.ToArray(), StringComparer.Ordinal);
        shapes[name] = input.GetTensorTypeAndShape().Shape;
        string[] asked = [.. layers.SelectMany(layer => layer.Inputs.Append(MultiplyAccumulates.Result(layer)))
            .Where(value => value.Length > 0 && !shapes.ContainsKey(value)).Distinct(StringComparer.Ordinal)];
        if (asked.Length == 0) return shapes;
        byte[] content = [.. file.Content, .. AlsoGiving([.. asked.Except(file.Outputs, StringComparer.Ordinal)])];
        using var session = OnnxSession.Load(file, content, 1, GraphOptimizationLevel.ORT_DISABLE_ALL);
        using var options = new RunOptions();
        using var values = session.Run(options, [name], [input], asked);
        foreach (var (value, tensor) in asked.Zip(values)) shapes[value] = tensor.GetTensorTypeAndShape().Shape;
        return shapes;
    }

    // Messages that follow one another are merged: these bytes add outputs to the graph of the model before them.
    static byte[] AlsoGiving(IReadOnlyList<string> names)
    {
        const int Graph = 7, Output = 12, Name = 1;
        return Message(Graph, Join(names.Select(name => Message(Output, Message(Name, System.Text.Encoding.UTF8.GetBytes(name))))));
    }

    static byte[] Message(int field, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var coded = new CodedOutputStream(stream, leaveOpen: true))
        {
            coded.WriteTag(field, WireFormat.WireType.LengthDelimited);
            coded.WriteBytes(ByteString.CopyFrom(content));
        }
        return stream.ToArray();
    }

    static byte[] Join(IEnumerable<byte[]> parts) => [.. parts.SelectMany(part => part)];

    static Footprint FootprintOf(IReadOnlyList<OnnxTensor> parameters)
    {
        var (count, bits) = (parameters.Sum(tensor => tensor.Size), parameters.Sum(tensor => tensor.Bits));
        return new(count, (bits + 7) / 8, count == 0 ? 0 : (double)bits / count);
    }
}
