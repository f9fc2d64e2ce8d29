using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using Harness.Datasets;
using Harness.Datasets.Formats.Zarr;

namespace Harness.Benchmarks;

/// <summary>
/// A box in the middle of a volume of [3, 128, 512, 512] 16-bit voxels in FISBe's shape of chunks, against reading the bytes that it takes
/// in the plainest way. Target: at most 1.5 times as long. Chunks that are not packed: the box against as many bytes of a flat file. Packed
/// chunks: the box against unpacking the same chunk files, whole, one after the other.
/// </summary>
[SameProcess]
public class ZarrBenchmark
{
    static readonly int[] Shape = [3, 128, 512, 512];
    static readonly int[] Chunks = [3, 64, 128, 128];
    static readonly int[] Offset = [0, 20, 100, 100];
    static readonly int[] Size = [3, 100, 300, 300];

    readonly ushort[] _box = new ushort[3 * 100 * 300 * 300];
    byte[] _chunk = [];
    DirectoryInfo _folder = null!;

    [Params("none", "gzip")]
    public string Codec { get; set; } = "";

    [GlobalSetup]
    public void Write()
    {
        _folder = Directory.CreateTempSubdirectory("harness-zarr-");
        ZarrWriter.Write(_folder, "raw", new Texture(Shape), Chunks, Codec == "gzip" ? ZarrCodec.GzipCodec(1) : null);
        File.WriteAllBytes(Path.Combine(_folder.FullName, "flat"), new byte[sizeof(ushort) * _box.Length]);
        _chunk = new byte[sizeof(ushort) * Chunks.Aggregate(1, (product, length) => product * length)];
    }

    [GlobalCleanup]
    public void Remove() => _folder.Delete(recursive: true);

    [Benchmark]
    public int Box()
    {
        using var keys = new FolderKeys(_folder);
        using var array = ZarrArray.Open<ushort>(keys, "raw");
        array.Read(Offset, Size, _box);
        return _box[^1];
    }

    [Benchmark(Baseline = true)]
    public int PlainRead() => Codec == "gzip" ? Unpack() : Flat();

    int Flat()
    {
        using var file = File.OpenHandle(Path.Combine(_folder.FullName, "flat"));
        RandomAccess.Read(file, System.Runtime.InteropServices.MemoryMarshal.AsBytes(_box.AsSpan()), 0);
        return _box[^1];
    }

    int Unpack()
    {
        foreach (var key in Keys())
        {
            using var packed = new GZipStream(File.OpenRead(Path.Combine(_folder.FullName, "raw", key)), CompressionMode.Decompress);
            packed.ReadExactly(_chunk);
        }
        return _chunk[^1];
    }

    static IEnumerable<string> Keys() =>
        from z in Range(1) from y in Range(2) from x in Range(3) select $"0.{z}.{y}.{x}";

    static IEnumerable<int> Range(int axis)
    {
        var first = Offset[axis] / Chunks[axis];
        return Enumerable.Range(first, (Offset[axis] + Size[axis] - 1) / Chunks[axis] - first + 1);
    }
}
