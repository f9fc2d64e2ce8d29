using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json.Nodes;
using K4os.Compression.LZ4;
using ZstdSharp;

namespace Harness.Datasets.Formats.Zarr;

/// <summary>
/// How the chunks of a Zarr v2 array are packed, as numcodecs names it: gzip, zlib, lz4, zstd, or blosc around one of these. A chunk must
/// unpack to exactly its size, so forged lengths take no memory.
/// </summary>
public sealed class ZarrCodec
{
    /// <summary>What unpacks <c>packed</c> into exactly <c>plain</c>, or throws.</summary>
    delegate void Decoder(ArraySegment<byte> packed, Span<byte> plain);

    // What one byte can unpack to: a length byte of LZ4 stands for 255, a block of Zstandard of 4 bytes for 128 KiB.
    const int MostLz4Ratio = 255;
    const int MostZstdRatio = 1 << 15;

    readonly JsonObject _configuration;
    readonly Decoder _decode;
    readonly int _mostRatio;

    ZarrCodec(JsonObject configuration, Decoder decode, int mostRatio) =>
        (_configuration, _decode, _mostRatio) = (configuration, decode, mostRatio);

    public static ZarrCodec GzipCodec(int level) => Of(new JsonObject { ["id"] = "gzip", ["level"] = level }, "");

    public static ZarrCodec ZlibCodec(int level) => Of(new JsonObject { ["id"] = "zlib", ["level"] = level }, "");

    public static ZarrCodec Lz4Codec() => Of(new JsonObject { ["id"] = "lz4", ["acceleration"] = 1 }, "");

    public static ZarrCodec ZstdCodec(int level) => Of(new JsonObject { ["id"] = "zstd", ["level"] = level }, "");

    public JsonObject Configuration() => (JsonObject)_configuration.DeepClone();

    /// <summary>The codec of a header's <c>compressor</c>; null where chunks are not packed.</summary>
    /// <exception cref="DataFormatException">A codec that is not read.</exception>
    public static ZarrCodec? Parse(JsonNode? compressor, string name)
    {
        if (compressor is null) return null;
        if (compressor is not JsonObject configuration) throw new DataFormatException(name, "its compressor is neither null nor an object");
        return Of((JsonObject)configuration.DeepClone(), name);
    }

    static ZarrCodec Of(JsonObject configuration, string name) => (string?)configuration["id"] switch
    {
        "gzip" => new(configuration, Gunzip, Deflate.MostRatio),
        "zlib" => new(configuration, Inflate, Deflate.MostRatio),
        "lz4" => new(configuration, Lz4, MostLz4Ratio),
        "zstd" => new(configuration, Zstd, MostZstdRatio),
        "blosc" => new(configuration, (packed, plain) => Blosc.Decode(packed, plain), MostZstdRatio),
        var other => throw new DataFormatException(name,
            $"its compressor is '{other}'; read are gzip, zlib, lz4, zstd, blosc and null"),
    };

    /// <summary>Refuses a chunk that cannot unpack to so much, before memory is taken for it.</summary>
    /// <exception cref="DataFormatException">Not even the best packing would hold so much.</exception>
    public void Require(int plain, int packed, string name)
    {
        if (plain > (long)packed * _mostRatio) throw new DataFormatException(name,
            $"the chunk cannot be unpacked as {_configuration["id"]} to {plain:N0} bytes: it has {packed:N0}");
    }

    /// <exception cref="DataFormatException">The chunk is damaged or does not unpack to <paramref name="plain"/>'s length.</exception>
    public void Decode(ArraySegment<byte> packed, Span<byte> plain, string name)
    {
        try
        {
            _decode(packed, plain);
        }
        catch (Exception error) when (
            error is InvalidDataException or EndOfStreamException or IOException or ZstdException or ArgumentException)
        {
            throw new DataFormatException(name,
                $"the chunk cannot be unpacked as {_configuration["id"]} to {plain.Length:N0} bytes ({error.Message})", error);
        }
    }

    /// <summary>Packs a chunk.</summary>
    public byte[] Encode(ReadOnlySpan<byte> plain)
    {
        using var packed = new MemoryStream();
        var level = new ZLibCompressionOptions { CompressionLevel = (int?)_configuration["level"] ?? 1 };
        switch ((string?)_configuration["id"])
        {
            case "gzip":
                using (var gzip = new GZipStream(packed, level, leaveOpen: true)) gzip.Write(plain);
                break;
            case "zlib":
                using (var zlib = new ZLibStream(packed, level, leaveOpen: true)) zlib.Write(plain);
                break;
            case "lz4":
                packed.Write(WithLength(plain));
                break;
            case "zstd":
                using (var zstd = new Compressor((int?)_configuration["level"] ?? 1)) packed.Write(zstd.Wrap(plain));
                break;
            default:
                throw new UnsupportedException(
                    $"Zarr chunks are not written as {_configuration["id"]}; allowed are gzip, zlib, lz4 and zstd.");
        }
        return packed.ToArray();
    }

    static void Gunzip(ArraySegment<byte> packed, Span<byte> plain) =>
        Unpack(new GZipStream(Open(packed), CompressionMode.Decompress), plain);

    internal static void Inflate(ArraySegment<byte> packed, Span<byte> plain) =>
        Unpack(new ZLibStream(Open(packed), CompressionMode.Decompress), plain);

    static MemoryStream Open(ArraySegment<byte> packed) => new(packed.Array!, packed.Offset, packed.Count, writable: false);

    static void Unpack(Stream stream, Span<byte> plain)
    {
        using (stream)
        {
            stream.ReadExactly(plain);
            if (stream.ReadByte() >= 0) throw new InvalidDataException("it is longer");
        }
    }

    // numcodecs puts the plain length before the block.
    static void Lz4(ArraySegment<byte> packed, Span<byte> plain)
    {
        if (packed.Count < 4
            || BinaryPrimitives.ReadInt32LittleEndian(packed) != plain.Length) throw new InvalidDataException("its length is another");
        Lz4Block(packed.AsSpan(4), plain);
    }

    internal static void Lz4Block(ReadOnlySpan<byte> packed, Span<byte> plain)
    {
        if (LZ4Codec.Decode(packed, plain) != plain.Length) throw new InvalidDataException("the LZ4 block is damaged");
    }

    internal static void Zstd(ArraySegment<byte> packed, Span<byte> plain) => ZstdBlock(packed, plain);

    internal static void ZstdBlock(ReadOnlySpan<byte> packed, Span<byte> plain)
    {
        using var zstd = new Decompressor();
        if (zstd.Unwrap(packed, plain) != plain.Length) throw new InvalidDataException("the Zstandard frame is shorter");
    }

    static byte[] WithLength(ReadOnlySpan<byte> plain)
    {
        var packed = new byte[4 + LZ4Codec.MaximumOutputSize(plain.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(packed, plain.Length);
        return packed[..(4 + LZ4Codec.Encode(plain, packed.AsSpan(4)))];
    }
}
