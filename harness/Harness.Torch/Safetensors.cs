using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Torch;

/// <summary>
/// Named tensors and texts in a file of the safetensors format (version 1): the length of a header as a little-endian uint64, the header as
/// JSON, the data row by row. https://huggingface.co/docs/safetensors
/// </summary>
public sealed class Safetensors : IDisposable
{
    const string MetadataKey = "__metadata__";
    const int MostHeaderBytes = 100_000_000;

    static readonly Dictionary<ScalarType, string> Names = new()
    {
        [ScalarType.Bool] = "BOOL", [ScalarType.Byte] = "U8", [ScalarType.Int8] = "I8", [ScalarType.Int16] = "I16",
        [ScalarType.Int32] = "I32", [ScalarType.Int64] = "I64", [ScalarType.Float16] = "F16", [ScalarType.BFloat16] = "BF16",
        [ScalarType.Float32] = "F32", [ScalarType.Float64] = "F64",
    };

    readonly Dictionary<string, Tensor> tensors;

    Safetensors(Dictionary<string, Tensor> tensors, Dictionary<string, string> texts) => (this.tensors, Texts) = (tensors, texts);

    public IReadOnlyDictionary<string, Tensor> Tensors => tensors;

    /// <summary>The metadata of the header.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; }

    /// <summary>Writes the file whole or not at all.</summary>
    public static void Write(FileInfo file, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> texts)
    {
        Directory.CreateDirectory(file.DirectoryName!);
        var temporary = $"{file.FullName}.{Environment.ProcessId}.part";
        using (var stream = File.Create(temporary))
        {
            var header = Header(tensors, texts);
            Span<byte> length = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var tensor in tensors.Values)
            {
                using var values = tensor.detach().cpu().contiguous();
                stream.Write(values.bytes);
            }
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, file.FullName, overwrite: true);
    }

    /// <exception cref="HarnessException">The file does not exist or is not of the format; the message says where.</exception>
    public static Safetensors Read(FileInfo file)
    {
        if (!file.Exists) throw new HarnessException($"The file {file.FullName} does not exist.");
        var read = new Dictionary<string, Tensor>();
        try
        {
            using var stream = file.OpenRead();
            var header = ReadHeader(stream, file);
            var (texts, start) = (new Dictionary<string, string>(), stream.Position);
            foreach (var (name, entry) in header)
                if (name == MetadataKey) foreach (var (key, text) in entry!.AsObject()) texts[key] = text!.GetValue<string>();
                else read[name] = ReadTensor(stream, start, name, entry!, file);
            return new(read, texts);
        }
        catch (Exception error)
        {
            foreach (var tensor in read.Values) tensor.Dispose();
            if (error is JsonException or InvalidOperationException or FormatException or EndOfStreamException or NullReferenceException)
                throw Broken(file, error.Message);
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var tensor in tensors.Values) tensor.Dispose();
    }

    static byte[] Header(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> texts)
    {
        var header = new JsonObject();
        if (texts.Count > 0)
            header[MetadataKey] = new JsonObject(texts.Select(text => KeyValuePair.Create(text.Key, (JsonNode?)text.Value)));
        var end = 0L;
        foreach (var (name, tensor) in tensors)
        {
            var begin = end;
            end += tensor.numel() * tensor.ElementSize;
            header[name] = new JsonObject
            {
                ["dtype"] = Names.GetValueOrDefault(tensor.dtype)
                    ?? throw new HarnessException($"Tensor {name} is of type {tensor.dtype}, which safetensors does not know."),
                ["shape"] = new JsonArray([.. tensor.shape.Select(size => (JsonNode?)size)]),
                ["data_offsets"] = new JsonArray(begin, end),
            };
        }
        var text = JsonSerializer.SerializeToUtf8Bytes(header);
        // Spaces, so that the data begin at a multiple of eight.
        return [.. text, .. Enumerable.Repeat((byte)' ', (8 - text.Length % 8) % 8)];
    }

    static JsonObject ReadHeader(FileStream stream, FileInfo file)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        stream.ReadExactly(length);
        var bytes = BinaryPrimitives.ReadUInt64LittleEndian(length);
        if (bytes > MostHeaderBytes || (long)bytes > stream.Length - stream.Position)
            throw Broken(file, $"its header has {bytes} bytes, the file {stream.Length}");
        var header = new byte[bytes];
        stream.ReadExactly(header);
        return JsonNode.Parse(header)!.AsObject();
    }

    static Tensor ReadTensor(FileStream stream, long start, string name, JsonNode entry, FileInfo file)
    {
        var word = entry["dtype"]!.GetValue<string>();
        if (!Names.ContainsValue(word)) throw Broken(file, $"tensor {name} is of the type {word}");
        var shape = entry["shape"]!.AsArray().Select(size => size!.GetValue<long>()).ToArray();
        var offsets = entry["data_offsets"]!.AsArray().Select(offset => offset!.GetValue<long>()).ToArray();
        var tensor = zeros(shape, Names.First(known => known.Value == word).Key);
        if (offsets is not [>= 0 and var begin, var end] || end - begin != tensor.numel() * tensor.ElementSize
            || end > stream.Length - start)
        {
            tensor.Dispose();
            throw Broken(file, $"tensor {name} lies at {string.Join("..", offsets)} of {stream.Length - start} bytes of data");
        }
        stream.Position = start + begin;
        stream.ReadExactly(tensor.bytes);
        return tensor.DetachFromDisposeScope();
    }

    static HarnessException Broken(FileInfo file, string what) => new($"{file.FullName} is not a safetensors file: {what}.");
}
