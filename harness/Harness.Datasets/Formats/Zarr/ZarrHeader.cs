using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Harness.Datasets.Formats.Zarr;

/// <summary>The <c>.zarray</c> of a Zarr v2 array (Zarr storage specification, version 2).</summary>
/// <param name="Codec">How chunks are packed; null is not at all.</param>
/// <param name="Fill">Bytes of one element where a chunk is absent.</param>
/// <param name="Separator">Between the numbers of a chunk key: '.' or '/'.</param>
public sealed record ZarrHeader(IReadOnlyList<int> Shape, IReadOnlyList<int> Chunks, NumpyType Type, ZarrCodec? Codec,
    ReadOnlyMemory<byte> Fill,
    char Separator)
{
    const int MostAxes = 8;
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    const long MostChunkBytes = 1L << 30;

    /// <summary>A key that occurs twice is an error where the text is read, and not where the key is asked for.</summary>
    internal static JsonDocumentOptions Strict { get; } = new() { AllowDuplicateProperties = false };

    public int ChunkBytes => Chunks.Aggregate(1, (product, length) => product * length) * Type.Size;

    /// <exception cref="DataFormatException">Not Zarr v2 in C order, or chunks of more than 1 GiB, or a codec that is not read.</exception>
    public static ZarrHeader Parse(byte[] json, string name)
    {
        try
        {
            var header = JsonNode.Parse(json, documentOptions: Strict) as JsonObject
                ?? throw new DataFormatException(name, "its header is not a JSON object");
            if ((int?)header["zarr_format"] != 2) throw new DataFormatException(name,
                $"its zarr_format is {header["zarr_format"] ?? "absent"}; only 2 is read");
            if ((string?)header["order"] != "C") throw new DataFormatException(name,
                $"its order is {header["order"] ?? "absent"}; only C is read");
            if (header["filters"] is JsonArray { Count: > 0 } filters) throw new DataFormatException(name,
                $"it uses filters {filters.ToJsonString()}; none is read");
            var type = NumpyType.Parse((string?)header["dtype"] ?? "", name);
            var (shape, chunks) = (Lengths(header["shape"], "shape", name), Lengths(header["chunks"], "chunks", name));
            Check(shape, chunks, type, name);
            var separator = (string?)header["dimension_separator"] ?? ".";
            if (separator is not ("." or "/")) throw new DataFormatException(name,
                $"its dimension_separator is '{separator}'; allowed are . and /");
            return new(shape, chunks, type, ZarrCodec.Parse(header["compressor"], name), FillOf(header["fill_value"], type, name),
                separator[0]);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new DataFormatException(name, $"its header is not that of a Zarr v2 array ({error.Message})", error);
        }
    }

    /// <summary>The header as JSON.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["chunks"] = new JsonArray([.. Chunks.Select(length => (JsonNode)length)]),
        ["compressor"] = Codec?.Configuration(),
        ["dimension_separator"] = Separator.ToString(),
        ["dtype"] = Type.ToString(),
        ["fill_value"] = 0,
        ["filters"] = null,
        ["order"] = "C",
        ["shape"] = new JsonArray([.. Shape.Select(length => (JsonNode)length)]),
        ["zarr_format"] = 2,
    }, Indented);

    /// <summary>The key of a chunk by its numbers.</summary>
    public string Key(ReadOnlySpan<int> chunk)
    {
        var text = new System.Text.StringBuilder();
        for (var axis = 0; axis < chunk.Length; axis++) text.Append(CultureInfo.InvariantCulture,
            $"{(axis == 0 ? "" : Separator)}{chunk[axis]}");
        return text.ToString();
    }

    static int[] Lengths(JsonNode? node, string what, string name) => node is JsonArray { Count: > 0 and <= MostAxes } array
        ? [.. array.Select(length => (int)length!)]
            : throw new DataFormatException(name, $"its {what} is not a list of 1 to {MostAxes} lengths");

    static void Check(int[] shape, int[] chunks, NumpyType type, string name)
    {
        if (shape.Length != chunks.Length) throw new DataFormatException(name, $"it has {shape.Length} axes but chunks of {chunks.Length}");
        if (shape.Any(length => length < 0) || chunks.Any(length => length < 1))
            throw new DataFormatException(name,
                $"its shape {string.Join(" × ", shape)} in chunks of {string.Join(" × ", chunks)} is not possible");
        var bytes = chunks.Aggregate((Int128)type.Size, (product, length) => product * length);
        if (bytes > MostChunkBytes) throw new DataFormatException(name,
            $"its chunks have {bytes:N0} bytes; allowed are {MostChunkBytes:N0}");
    }

    static byte[] FillOf(JsonNode? value, NumpyType type, string name)
    {
        var fill = new byte[type.Size];
        if (value is null || value.ToJsonString() is "0" or "0.0" or "false") return fill;
        if (type.Kind == 'f')
        {
            var number = value.GetValueKind() == JsonValueKind.String
                ? (string?)value switch { "NaN" => double.NaN, "Infinity" => double.PositiveInfinity,
                    "-Infinity" => double.NegativeInfinity, var other =>
                    throw new DataFormatException(name, $"its fill_value is '{other}'; only numbers are read") }
                : (double)value;
            if (type.Size == 2) BitConverter.TryWriteBytes(fill, (Half)number);
            else if (type.Size == 4) BitConverter.TryWriteBytes(fill, (float)number);
            else BitConverter.TryWriteBytes(fill, number);
            return fill;
        }
        var whole = value.GetValueKind() == JsonValueKind.True ? 1 : (Int128)(decimal)value;
        for (var i = 0; i < type.Size; i++) fill[i] = (byte)(whole >> (8 * i) & 0xFF);
        return fill;
    }
}
