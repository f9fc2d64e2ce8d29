using System.IO.Compression;
using Harness.Datasets;
using Harness.Datasets.Fisbe;
using Harness.Datasets.Formats.Zarr;

namespace Harness.Fuzzing.Readers;

static class ZarrReaders
{
    const int ChunkElements = 4000;
    const int MostElements = 1 << 16;
    const string SamplePath = "completely/train/a.zarr";

    static readonly string[] Blosc = ["lz4", "zstd", "zlib", "blosclz"];

    public static IReadOnlyList<FuzzedReader> All { get; } =
    [
        new("zarr-header", [Header("""{"id":"gzip","level":1}""", "<u2", "0"), Header("null", ">f8", "\"NaN\""),
            Header("""{"id":"blosc","cname":"lz4"}""", "|b1", "true")], content => ZarrHeader.Parse(content, "zarr")),
        Chunks("none", "null", codec: null),
        Chunks("gzip", """{"id":"gzip","level":1}""", ZarrCodec.GzipCodec(1)),
        Chunks("zlib", """{"id":"zlib","level":1}""", ZarrCodec.ZlibCodec(1)),
        Chunks("lz4", """{"id":"lz4"}""", ZarrCodec.Lz4Codec()),
        Chunks("zstd", """{"id":"zstd"}""", ZarrCodec.ZstdCodec(3)),
        .. Blosc.Select(name => new FuzzedReader($"zarr-blosc-{name}", [Content.Seed($"ramp-{name}.blosc")],
            packed => ReadChunk(Header("""{"id":"blosc"}""", "<u2", "0"), packed))),
        new("zarr-array", [Header("""{"id":"gzip","level":1}""", "<u2", "0")], header => ReadChunk(header, Content.Gzip(Ramp()))),
        new("fisbe-sample", [Sample(CompressionLevel.NoCompression)], content => Content.InFile(content, "fisbe.zip", ReadSample)),
    ];

    static FuzzedReader Chunks(string name, string configuration, ZarrCodec? codec) => new($"zarr-{name}",
        [codec?.Encode(Ramp()) ?? Ramp()], packed => ReadChunk(Header(configuration, "<u2", "0"), packed));

    static byte[] Header(string compressor, string type, string fill) => Content.Text($$"""
        {"zarr_format":2,"shape":[{{ChunkElements}}],"chunks":[{{ChunkElements}}],"dtype":"{{type}}","compressor":{{compressor}},
         "fill_value":{{fill}},"order":"C","filters":null}
        """);

    static byte[] Ramp() => [.. Enumerable.Range(0, ChunkElements).SelectMany(i => new[] { (byte)(i / 7 % 91 * (i / 500 % 3)), (byte)0 })];

    static void ReadChunk(byte[] header, byte[] packed)
    {
        using var keys = new Keys(new() { ["a/.zarray"] = header, ["a/0"] = packed });
        using var array = ZarrArray.Open<ushort>(keys, "a");
        ReadCorner(array);
    }

    /// <summary>No reader asks for more of a volume than it has room for.</summary>
    static void ReadCorner<T>(IVolume<T> volume) where T : unmanaged
    {
        var (size, count) = (new int[volume.Shape.Count], 1);
        for (var axis = size.Length - 1; axis >= 0; axis--)
            count *= size[axis] = Math.Min(volume.Shape[axis], MostElements / Math.Max(count, 1));
        volume.Read(new int[size.Length], size, new T[count]);
    }

    static byte[] Sample(CompressionLevel level)
    {
        var folder = Directory.CreateTempSubdirectory("harness-fuzzing-");
        try
        {
            using var sample = FisbeSynth.Small.Read(folder, Split.Validation).First();
            FisbeSample.Write(folder, sample, [2, 24, 48, 48], ZarrCodec.GzipCodec(1));
            return Content.Zip(level, [.. folder.EnumerateFiles("*", SearchOption.AllDirectories)
                .Select(file => (Name: $"{SamplePath}/{Path.GetRelativePath(folder.FullName, file.FullName)}", file))
                .OrderBy(entry => entry.Name, StringComparer.Ordinal)
                .Select(entry => (entry.Name, File.ReadAllBytes(entry.file.FullName)))]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static void ReadSample(FileInfo archive)
    {
        using var sample = FisbeSample.Open(new ZipKeys(archive, SamplePath), "a", complete: true);
        ReadCorner(sample.Raw);
        ReadCorner(sample.Instances!);
    }

    sealed class Keys(Dictionary<string, byte[]> contents) : IKeyStore
    {
        public string Name => "zarr";

        public byte[]? GetOrNull(string key) => contents.GetValueOrDefault(key);

        public FileStream? OpenOrNull(string key) => null;

        public void Dispose() { }
    }
}
