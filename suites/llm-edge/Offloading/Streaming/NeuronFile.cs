using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Harness.Datasets.Formats;
using Microsoft.Win32.SafeHandles;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Offloading.Direct;
using Suites.LlmEdge.Offloading.Predicting;

namespace Suites.LlmEdge.Offloading.Streaming;

/// <summary>
/// The feed-forward neurons of a model, one after another, with what foresees them: a GGUF file beside that of the model, whose tensors
/// begin at blocks of the device. Neurons are read past the page cache.
/// </summary>
sealed unsafe class NeuronFile : INeuronReader, IDisposable
{
    const string Architecture = "ffn-neurons";
    const string FingerprintKey = Architecture + ".model_fingerprint", PackingKey = Architecture + ".packing",
        ThresholdKey = Architecture + ".thresholds", OpenKey = Architecture + ".open_share", AskedKey = Architecture + ".asked_share",
        RecallKey = Architecture + ".recall";
    const uint BytesType = 24;

    readonly SafeFileHandle _handle;
    readonly long[] _starts;
    readonly string _name;

    NeuronFile(SafeFileHandle handle, string name, BundleLayout layout, long[] starts, LowRankPredictor predictor,
        IReadOnlyList<int[]> orders) =>
        (_handle, _name, Layout, _starts, Predictor, Orders) = (handle, name, layout, starts, predictor, orders);

    public BundleLayout Layout { get; }
    public int Layers => Layout.Layers;
    public int Hidden => Layout.Hidden;
    public int Stride => Layout.Stride;

    public LowRankPredictor Predictor { get; }

    /// <summary>By layer: neurons, those asked for most often first.</summary>
    public IReadOnlyList<int[]> Orders { get; }

    /// <summary>Writes the file whole or not at all.</summary>
    public static void Write(LanguageModel model, IReadOnlyList<FittedLayer> fitted, FileInfo file)
    {
        var layout = BundleLayout.Of(model);
        var metadata = new List<(string, object)>
        {
            ("general.architecture", Architecture), ("general.alignment", (uint)DirectFile.Block),
            (FingerprintKey, Fingerprint(model)), (PackingKey, layout.Rows.Name),
            (ThresholdKey, fitted.Select(layer => layer.Layer.Threshold).ToArray()),
            (OpenKey, fitted.Select(layer => (float)layer.Foresight.Open).ToArray()),
            (AskedKey, fitted.Select(layer => (float)layer.Foresight.Asked).ToArray()),
            (RecallKey, fitted.Select(layer => (float)layer.Foresight.Recall).ToArray()),
        };
        var tensors = fitted.SelectMany((layer, index) => new[]
        {
            new GgufEntry(Neurons(index), [layout.Stride, layout.Hidden], BytesType, (long)layout.Stride * layout.Hidden,
                writer => WriteNeurons(writer, model.Layers[index], layout)),
            GgufEntry.Of(In(index), [layer.Layer.Width, layer.Layer.Rank], layer.Layer.In),
            GgufEntry.Of(Out(index), [layer.Layer.Hidden, layer.Layer.Rank], layer.Layer.Out),
            GgufEntry.Of(Order(index), [layout.Hidden], layer.Order),
        });
        var part = new FileInfo($"{file.FullName}.{Environment.ProcessId}.part");
        using (var stream = part.Create())
        {
            GgufStream.Write(stream, metadata, [.. tensors], DirectFile.Block);
            stream.Flush(flushToDisk: true);
        }
        part.MoveTo(file.FullName, overwrite: true);
    }

    static string Neurons(int layer) => $"blk.{layer}.ffn_neurons";
    static string In(int layer) => $"blk.{layer}.ffn_predictor_in";
    static string Out(int layer) => $"blk.{layer}.ffn_predictor_out";
    static string Order(int layer) => $"blk.{layer}.ffn_order";

    static void WriteNeurons(BinaryWriter writer, Layer layer, BundleLayout layout)
    {
        var (down, column, bundle) = (layer.Down.Unpacked(), new float[layout.Width], new byte[layout.Stride]);
        for (var neuron = 0; neuron < layout.Hidden; neuron++)
        {
            layer.Gate.Row(neuron).CopyTo(bundle);
            layer.Up.Row(neuron).CopyTo(bundle.AsSpan(layout.RowBytes));
            for (var row = 0; row < layout.Width; row++) column[row] = down[row * layout.Hidden + neuron];
            layout.Column.Pack(column, bundle.AsSpan(2 * layout.RowBytes, layout.ColumnBytes));
            writer.Write(bundle);
        }
    }

    /// <exception cref="DataFormatException">Damaged, or not of this kind.</exception>
    /// <exception cref="HarnessException">Of another model, or there are no direct reads here.</exception>
    public static NeuronFile Open(LanguageModel model, FileInfo file)
    {
        if (!file.Exists) throw new HarnessException($"There is no file {file.FullName}; write it with `harness llm offload`.");
        var content = Gguf.Read(file);
        var metadata = new GgufMetadata(content, file.FullName);
        if (metadata.Text("general.architecture") is not Architecture and var other)
            throw metadata.Wrong($"it holds a model of architecture '{other}' and no neurons; write them with `harness llm offload`");
        if (metadata.Text(FingerprintKey) != Fingerprint(model))
            throw new HarnessException($"{file.FullName} holds the neurons of another model; write it anew with `harness llm offload`.");
        var layout = BundleLayout.Of(model);
        var reader = new NeuronFileReader(content, metadata, file);
        var thresholds = metadata.List<float>(ThresholdKey);
        if (thresholds.Length != layout.Layers) throw metadata.Wrong($"it has {thresholds.Length} thresholds for {layout.Layers} layers");
        var (starts, layers, orders) = (new long[layout.Layers], new LowRankLayer[layout.Layers], new int[layout.Layers][]);
        for (var i = 0; i < layout.Layers; i++)
        {
            starts[i] = reader.Start(Neurons(i), [layout.Stride, layout.Hidden], "I8");
            if (starts[i] % DirectFile.Block != 0) throw metadata.Wrong($"{Neurons(i)} begins within a block of {DirectFile.Block} bytes");
            var rank = reader.Rank(In(i));
            layers[i] = new(rank, reader.Values<float>(In(i), [layout.Width, rank], "F32"),
                reader.Values<float>(Out(i), [layout.Hidden, rank], "F32"), thresholds[i]);
            orders[i] = reader.Values<int>(Order(i), [layout.Hidden], "I32");
            if (!orders[i].Order().SequenceEqual(Enumerable.Range(0, layout.Hidden)))
                throw metadata.Wrong($"{Order(i)} does not name every neuron once");
        }
        return new(DirectFile.Open(file), file.FullName, layout, starts, new(layers), orders);
    }

    public void Read(int layer, int neuron, byte* to)
    {
        if (RandomAccess.Read(_handle, new Span<byte>(to, Stride), _starts[layer] + (long)neuron * Stride) != Stride)
            throw new HarnessException($"{_name} ended early: neuron {neuron} of layer {layer}; write it anew.");
    }

    // Shape and the first rows: enough to tell models apart without reading them whole.
    static string Fingerprint(LanguageModel model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{model.Shape}")));
        foreach (var layer in model.Layers)
            foreach (var matrix in new[] { layer.Gate, layer.Up, layer.Down }) hash.AppendData(matrix.Row(0));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose() => _handle.Dispose();
}

/// <summary>Tensors of a file of neurons: every shape is checked before it is trusted.</summary>
sealed class NeuronFileReader(Gguf content, GgufMetadata metadata, FileInfo file)
{
    const int MostRank = 1 << 14;

    readonly Dictionary<string, GgufTensor> _tensors = content.Tensors.ToDictionary(tensor => tensor.Name);

    public int Rank(string name) => Find(name).Shape is [_, > 0 and <= MostRank and var rank] ? (int)rank
        : throw metadata.Wrong($"{name} must be a matrix of 1 to {MostRank} rows");

    public long Start(string name, IReadOnlyList<long> shape, string type)
    {
        var tensor = Find(name);
        return tensor.Type == type && tensor.Shape.SequenceEqual(shape) ? content.DataStart + tensor.Offset
            : throw metadata.Wrong($"{name} is {tensor.Type} [{string.Join(", ", tensor.Shape)}], not {type} [{string.Join(", ", shape)}]");
    }

    public T[] Values<T>(string name, IReadOnlyList<long> shape, string type) where T : unmanaged
    {
        using var stream = file.OpenRead();
        stream.Position = Start(name, shape, type);
        var values = new T[shape.Aggregate(1L, (product, length) => product * length)];
        stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    GgufTensor Find(string name) => _tensors.GetValueOrDefault(name) ?? throw metadata.Wrong($"it has no tensor '{name}'");
}
