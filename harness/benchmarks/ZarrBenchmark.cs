using System.CommandLine;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Harness.Datasets;
using Harness.Datasets.Formats.Zarr;

namespace Harness.Benchmarks;

/// <summary>
/// <c>zarr</c>: a box in the middle of a volume of [3, 128, 512, 512] 16-bit voxels in FISBe's shape of chunks, against reading the bytes
/// that it takes in the plainest way, turn by turn. Target: at most 1.5 times as long. Chunks that are not packed: the box against as many
/// bytes of a flat file. Packed chunks: the box against unpacking the same chunk files, whole, by the same library, one after the other,
/// and on as many threads as the box takes.
/// </summary>
sealed class ZarrBenchmark : IDisposable
{
    const int Rounds = 15;
    const double AtLeast = 0.05;

    static readonly int[] Shape = [3, 128, 512, 512];
    static readonly int[] Chunks = [3, 64, 128, 128];
    static readonly int[] Offset = [0, 20, 100, 100];
    static readonly int[] Size = [3, 100, 300, 300];

    readonly ushort[] _box = new ushort[Size.Aggregate(1, (product, length) => product * length)];
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("harness-zarr-");

    ZarrBenchmark(ZarrCodec? codec)
    {
        ZarrWriter.Write(_folder, "raw", new Texture(Shape), Chunks, codec);
        File.WriteAllBytes(Path.Combine(_folder.FullName, "flat"), new byte[sizeof(ushort) * _box.Length]);
    }

    public static Command Create()
    {
        var command = new Command("zarr", "Read a box of a Zarr volume, and the same bytes plainly, turn by turn.");
        command.SetAction(_ =>
        {
            foreach (var (name, codec) in new[] { ("none", null), ("gzip", ZarrCodec.GzipCodec(1)), ("zstd", ZarrCodec.ZstdCodec(1)) })
            {
                using var benchmark = new ZarrBenchmark(codec);
                benchmark.Run(name, codec);
            }
        });
        return command;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    void Run(string name, ZarrCodec? codec)
    {
        var threads = Environment.ProcessorCount;
        var run = Interleaved.Run(Rounds, AtLeast, ("box", () => Box(threads)), ("box, one thread", () => Box(1)),
            ("plain", () => Plain(codec, 1)), ("plain, threads", () => Plain(codec, threads)));
        Cli.Terminal.Standard.Data.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: box on {threads} threads {1000 * run.Seconds("box"):0.0} ms, on one {1000 * run.Seconds("box, one thread"):0.0} ms; "
            + $"plainly on one {1000 * run.Seconds("plain"):0.0} ms, on {threads} {1000 * run.Seconds("plain, threads"):0.0} ms; "
            + $"box / plain: {run.Ratio("box", "plain"):0.00}, both on one thread {run.Ratio("box, one thread", "plain"):0.00}, "
            + $"both on {threads} {run.Ratio("box", "plain, threads"):0.00}"));
    }

    void Box(int threads)
    {
        using var keys = new FolderKeys(_folder);
        using var array = ZarrArray.Open<ushort>(keys, "raw", threads: threads);
        array.Read(Offset, Size, _box);
    }

    void Plain(ZarrCodec? codec, int threads)
    {
        if (codec is null) Flat();
        else Parallel.ForEach(Keys(), new ParallelOptions { MaxDegreeOfParallelism = threads }, () => new byte[ChunkBytes],
            (key, _, chunk) => Unpack(codec, key, chunk), _ => { });
    }

    static int ChunkBytes => sizeof(ushort) * Chunks.Aggregate(1, (product, length) => product * length);

    void Flat()
    {
        using var file = File.OpenHandle(Path.Combine(_folder.FullName, "flat"));
        RandomAccess.Read(file, MemoryMarshal.AsBytes(_box.AsSpan()), 0);
    }

    byte[] Unpack(ZarrCodec codec, string key, byte[] chunk)
    {
        var path = Path.Combine(_folder.FullName, "raw", key);
        if ((string?)codec.Configuration()["id"] == "gzip")
        {
            using var packed = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            packed.ReadExactly(chunk);
        }
        else
        {
            using var zstd = new ZstdSharp.Decompressor();
            zstd.Unwrap(File.ReadAllBytes(path), chunk);
        }
        return chunk;
    }

    static IEnumerable<string> Keys() =>
        from z in Range(1) from y in Range(2) from x in Range(3) select $"0.{z}.{y}.{x}";

    static IEnumerable<int> Range(int axis)
    {
        var first = Offset[axis] / Chunks[axis];
        return Enumerable.Range(first, (Offset[axis] + Size[axis] - 1) / Chunks[axis] - first + 1);
    }
}
