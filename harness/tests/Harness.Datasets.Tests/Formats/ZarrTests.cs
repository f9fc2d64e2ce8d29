using System.Text.Json.Nodes;
using Harness.Datasets.Formats;
using Harness.Datasets.Formats.Zarr;

namespace Harness.Datasets.Tests.Formats;

public sealed class ZarrTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static ArrayVolume<ushort> Ramp(params int[] shape)
    {
        var values = new ushort[shape.Aggregate(1, (product, length) => product * length)];
        for (var i = 0; i < values.Length; i++) values[i] = (ushort)((i * 31 + i / 7) % 4096);
        return new(shape, values);
    }

    static ZarrCodec? Codec(string name) => name switch
    {
        "gzip" => ZarrCodec.GzipCodec(1), "zlib" => ZarrCodec.ZlibCodec(6), "lz4" => ZarrCodec.Lz4Codec(), "zstd" =>
            ZarrCodec.ZstdCodec(3), _ => null,
    };

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("zlib")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public void What_is_written_is_read_back_in_any_box(string codec)
    {
        var volume = Ramp(2, 13, 17, 19);
        ZarrWriter.Write(_folder.Info, "a/b", volume, [2, 5, 6, 7], Codec(codec), separator: codec == "zstd" ? '/' : '.');
        using var keys = new FolderKeys(_folder.Info);
        using var array = ZarrArray.Open<ushort>(keys, "a/b", cacheBytes: 2000);
        var chance = new Chance(7);
        for (var trial = 0; trial < 50; trial++)
        {
            var (offset, size) = (new int[4], new int[4]);
            for (var axis = 0; axis < 4; axis++)
            {
                offset[axis] = chance.Below(array.Shape[axis]);
                size[axis] = chance.Below(array.Shape[axis] - offset[axis] + 1);
            }
            var count = size.Aggregate(1, (product, length) => product * length);
            var (expected, found) = (new ushort[count], new ushort[count]);
            volume.Read(offset, size, expected);
            array.Read(offset, size, found);
            Assert.Equal(expected, found);
        }
    }

    /// <summary>Large boxes, parts of whose chunks are kept; an error of one thread is the error of all.</summary>
    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    public void Threads_read_what_one_reads(string codec)
    {
        var volume = Ramp(3, 40, 100, 120);
        ZarrWriter.Write(_folder.Info, "a", volume, [1, 16, 32, 50], Codec(codec));
        using var keys = new FolderKeys(_folder.Info);
        using var array = ZarrArray.Open<ushort>(keys, "a", cacheBytes: 1 << 18, threads: 4);
        foreach (var offset in new int[][] { [0, 0, 0, 0], [0, 1, 2, 3], [0, 7, 0, 1] })
        {
            int[] size = [.. array.Shape.Zip(offset, (length, start) => length - start)];
            var count = size.Aggregate(1, (product, length) => product * length);
            var (expected, found) = (new ushort[count], new ushort[count]);
            volume.Read(offset, size, expected);
            array.Read(offset, size, found);
            Assert.Equal(expected, found);
        }
        File.WriteAllBytes(Path.Combine(_folder.Info.FullName, "a", "2.1.0.0"), [1, 2, 3]);
        using var again = ZarrArray.Open<ushort>(keys, "a", threads: 4);
        Assert.Contains("2.1.0.0", Assert.Throws<DataFormatException>(
            () => again.Read([0, 0, 0, 0], array.Shape.ToArray(), new ushort[3 * 40 * 100 * 120])).Message);
    }

    /// <summary>An independent reader: Debian's python3-zarr.</summary>
    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("zlib")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task Another_reader_reads_what_is_written(string codec)
    {
        ZarrWriter.Write(_folder.Info, "volumes/raw", Ramp(3, 7, 8, 9), [2, 5, 6, 7], Codec(codec), new JsonObject { ["axes"] = "CZYX" });
        var printed = await Python.RunAsync("""
            import sys, zarr, numpy as np
            a = zarr.open(sys.argv[1], mode='r')['volumes/raw']
            i = np.arange(3*7*8*9)
            expected = ((i * 31 + i // 7) % 4096).astype(np.uint16).reshape(3,7,8,9)
            print(a.dtype.str, a.shape, a.chunks, a.attrs['axes'], bool((a[:] == expected).all()))
            """, ["zarr", "numpy"], _folder.Info.FullName);
        Assert.Equal("<u2 (3, 7, 8, 9) (2, 5, 6, 7) CZYX True", printed);
    }

    /// <summary>Written by Debian's python3-zarr and numcodecs in every packing that the reader knows.</summary>
    [Theory]
    [InlineData("numcodecs.Blosc('lz4', 5, numcodecs.Blosc.SHUFFLE)")]
    [InlineData("numcodecs.Blosc('lz4', 5, numcodecs.Blosc.BITSHUFFLE)")]
    [InlineData("numcodecs.Blosc('lz4hc', 5, numcodecs.Blosc.NOSHUFFLE)")]
    [InlineData("numcodecs.Blosc('zstd', 3, numcodecs.Blosc.SHUFFLE)")]
    [InlineData("numcodecs.Blosc('zstd', 3, numcodecs.Blosc.BITSHUFFLE)")]
    [InlineData("numcodecs.Blosc('zlib', 3, numcodecs.Blosc.SHUFFLE)")]
    [InlineData("numcodecs.Blosc('blosclz', 9, numcodecs.Blosc.SHUFFLE)")]
    [InlineData("numcodecs.Blosc('blosclz', 9, numcodecs.Blosc.NOSHUFFLE)")]
    [InlineData("numcodecs.LZ4()")]
    [InlineData("numcodecs.Zstd(5)")]
    [InlineData("numcodecs.GZip(1)")]
    [InlineData("numcodecs.Zlib(1)")]
    [InlineData("None")]
    public async Task What_another_writer_packs_is_read(string compressor)
    {
        await Python.RunAsync($"""
            import sys, zarr, numcodecs, numpy as np
            i = np.arange(40*50*60)
            for name, type in [('u1', 'u1'), ('u2', '<u2'), ('big', '>i4'), ('f4', '<f4'), ('f8', '<f8')]:
                data = (i // 7 % 91 * (i // 500 % 3)).astype(type).reshape(40, 50, 60)
                zarr.array(data, chunks=(17, 24, 31), compressor={compressor}, store=sys.argv[1] + '/' + name, fill_value=0,
                    write_empty_chunks=False)
            """, ["zarr", "numcodecs", "numpy"], _folder.Info.FullName);
        Check<byte>("u1", value => (byte)value);
        Check<ushort>("u2", value => (ushort)value);
        Check("big", value => value);
        Check<float>("f4", value => value);
        Check<double>("f8", value => value);
    }

    void Check<T>(string name, Func<int, T> convert) where T : unmanaged
    {
        using var keys = new FolderKeys(_folder.Info);
        using var array = ZarrArray.Open<T>(keys, name);
        var found = new T[40 * 50 * 60];
        array.Read([0, 0, 0], array.Shape.ToArray(), found);
        Assert.Equal(Enumerable.Range(0, found.Length).Select(i => convert(i / 7 % 91 * (i / 500 % 3))), found);
    }

    [Fact]
    public void An_absent_chunk_is_the_fill_value()
    {
        Header("[4,4]", "[2,2]", "<i2", "null", fill: -3);
        _folder.Write("a/0.1", [1, 0, 2, 0, 3, 0, 4, 0]);
        Assert.Equal([-3, 1, 2, -3, 3, 4], Read<short>([0, 1], [2, 3]));
    }

    [Fact]
    public void Only_the_wanted_part_of_an_unpacked_chunk_is_read()
    {
        Header("[64,65536]", "[64,65536]", "|u1", "null", fill: 0);
        var content = new byte[64 * 65536];
        content[2 * 65536 + 5] = 9;
        _folder.Write("a/0.0", content);
        using var keys = new FolderKeys(_folder.Info);
        using var array = ZarrArray.Open<byte>(keys, "a", cacheBytes: 0);
        var row = new byte[65536];
        var before = GC.GetAllocatedBytesForCurrentThread();
        array.Read([2, 0], [1, 65536], row);
        // A window of the file, where the pool has none to lend.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 262_144);
        Assert.Equal(9, row[5]);
    }

    [Theory]
    [InlineData("""{"zarr_format":3}""", "its zarr_format is 3; only 2 is read")]
    [InlineData("""{"zarr_format":2,"order":"F"}""", "its order is F; only C is read")]
    [InlineData("""{"zarr_format":2,"order":"C","filters":[{"id":"delta"}]}""", "it uses filters")]
    [InlineData("""{"zarr_format":2,"order":"C","dtype":"|O"}""", "element type '|O' is not read")]
    [InlineData("""{"zarr_format":2,"order":"C","dtype":"<u2","shape":[4],"chunks":[0]}""", "is not possible")]
    [InlineData("""{"zarr_format":2,"order":"C","dtype":"<u2","shape":[4],"chunks":[2000000000]}""",
        "its chunks have 4,000,000,000 bytes; allowed are 1,073,741,824")]
    [InlineData("""{"zarr_format":2,"order":"C","dtype":"<u2","shape":[4],"chunks":[4],"compressor":{"id":"jpeg"}}""",
        "its compressor is 'jpeg'")]
    [InlineData("""{"zarr_format":2,"order":"C","dtype":"<u2","shape":["4"],"chunks":[4]}""", "its header is not that of a Zarr v2 array")]
    [InlineData("[]", "its header is not a JSON object")]
    [InlineData("{", "its header is not that of a Zarr v2 array")]
    public void A_header_that_cannot_be_read_is_named(string json, string problem)
    {
        Header(json);
        Assert.Contains(problem, Assert.Throws<DataFormatException>(() => Read<ushort>([0], [1])).Message);
    }

    [Theory]
    [InlineData("null", "has 3 bytes where 8 are expected")]
    [InlineData("""{"id":"gzip"}""", "cannot be unpacked as gzip to 8 bytes")]
    [InlineData("""{"id":"zlib"}""", "cannot be unpacked as zlib to 8 bytes")]
    [InlineData("""{"id":"lz4"}""", "cannot be unpacked as lz4 to 8 bytes")]
    [InlineData("""{"id":"zstd"}""", "cannot be unpacked as zstd to 8 bytes")]
    [InlineData("""{"id":"blosc"}""", "cannot be unpacked as blosc to 8 bytes")]
    public void A_damaged_chunk_is_named(string codec, string problem)
    {
        Header("[4]", "[4]", "<u2", codec, fill: 0);
        _folder.Write("a/0", [1, 2, 3]);
        Assert.Contains(problem, Assert.Throws<DataFormatException>(() => Read<ushort>([0], [4])).Message);
    }

    [Fact]
    public void A_chunk_that_is_longer_than_its_header_says_is_refused()
    {
        Header("[4]", "[4]", "|u1", """{"id":"zlib"}""", fill: 0);
        _folder.Write("a/0", ZarrCodec.ZlibCodec(1).Encode(new byte[1 << 20]));
        Assert.Contains("cannot be unpacked as zlib to 4 bytes", Assert.Throws<DataFormatException>(() => Read<byte>([0], [4])).Message);
    }

    [Fact]
    public void Another_element_type_than_asked_for_is_refused()
    {
        ZarrWriter.Write(_folder.Info, "a", Ramp(4), [4], codec: null);
        using var keys = new FolderKeys(_folder.Info);
        Assert.Contains("its elements are <u2 where <f4 are expected",
            Assert.Throws<DataFormatException>(() => ZarrArray.Open<float>(keys, "a")).Message);
    }

    [Fact]
    public void A_box_outside_is_refused()
    {
        ZarrWriter.Write(_folder.Info, "a", Ramp(4, 4), [4, 4], codec: null);
        Assert.Throws<ArgumentException>(() => Read<ushort>([3, 0], [2, 1]));
        Assert.Throws<ArgumentException>(() => Read<ushort>([-1, 0], [1, 1]));
    }

    void Header(string shape, string chunks, string type, string compressor, int fill) => Header($$"""
        {"zarr_format":2,"shape":{{shape}},"chunks":{{chunks}},"dtype":"{{type}}","compressor":{{compressor}},"fill_value":{{fill}},
         "order":"C","filters":null}
        """);

    void Header(string json) => _folder.Write("a/.zarray", System.Text.Encoding.UTF8.GetBytes(json));

    T[] Read<T>(int[] offset, int[] size) where T : unmanaged
    {
        using var keys = new FolderKeys(_folder.Info);
        using var array = ZarrArray.Open<T>(keys, "a");
        var found = new T[size.Aggregate(1, (product, length) => product * length)];
        array.Read(offset, size, found);
        return found;
    }
}
