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
    delegate void Decoder(byte[] packed, Span<byte> plain);

    readonly JsonObject _configuration;
    readonly Decoder _decode;

    ZarrCodec(JsonObject configuration, Decoder decode) => (_configuration, _decode) = (configuration, decode);

    public static ZarrCodec GzipCodec(int level) => new(new JsonObject { ["id"] = "gzip", ["level"] = level }, Gunzip);

    public static ZarrCodec ZlibCodec(int level) => new(new JsonObject { ["id"] = "zlib", ["level"] = level }, Inflate);

    public static ZarrCodec Lz4Codec() => new(new JsonObject { ["id"] = "lz4", ["acceleration"] = 1 }, Lz4);

    public static ZarrCodec ZstdCodec(int level) => new(new JsonObject { ["id"] = "zstd", ["level"] = level }, Zstd);

    public JsonObject Configuration() => (JsonObject)_configuration.DeepClone();

    /// <summary>The codec of a header's <c>compressor</c>; null where chunks are not packed.</summary>
    /// <exception cref="DataFormatException">A codec that is not read.</exception>
    public static ZarrCodec? Parse(JsonNode? compressor, string name)
    {
        if (compressor is null) return null;
        if (compressor is not JsonObject configuration) throw new DataFormatException(name, "its compressor is neither null nor an object");
        Decoder decode = (string?)configuration["id"] switch
        {
            "gzip" => Gunzip,
            "zlib" => Inflate,
            "lz4" => Lz4,
            "zstd" => Zstd,
            "blosc" => (packed, plain) => Blosc.Decode(packed, plain),
            var other => throw new DataFormatException(name,
                $"its compressor is '{other}'; read are gzip, zlib, lz4, zstd, blosc and null"),
        };
        return new((JsonObject)configuration.DeepClone(), decode);
    }

    /// <exception cref="DataFormatException">The chunk is damaged or does not unpack to <paramref name="plain"/>'s length.</exception>
    public void Decode(byte[] packed, Span<byte> plain, string name)
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

    static void Gunzip(byte[] packed, Span<byte> plain) =>
        Unpack(new GZipStream(new MemoryStream(packed), CompressionMode.Decompress), plain);

    internal static void Inflate(byte[] packed, Span<byte> plain) =>
        Unpack(new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress), plain);

    static void Unpack(Stream stream, Span<byte> plain)
    {
        using (stream)
        {
            stream.ReadExactly(plain);
            if (stream.ReadByte() >= 0) throw new InvalidDataException("it is longer");
        }
    }

    // numcodecs puts the plain length before the block.
    static void Lz4(byte[] packed, Span<byte> plain)
    {
        if (packed.Length < 4
            || BinaryPrimitives.ReadInt32LittleEndian(packed) != plain.Length) throw new InvalidDataException("its length is another");
        Lz4Block(packed.AsSpan(4), plain);
    }

    internal static void Lz4Block(ReadOnlySpan<byte> packed, Span<byte> plain)
    {
        if (LZ4Codec.Decode(packed, plain) != plain.Length) throw new InvalidDataException("the LZ4 block is damaged");
    }

    internal static void Zstd(byte[] packed, Span<byte> plain) => ZstdBlock(packed, plain);

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
