using System.Buffers.Binary;
using Harness.Datasets.Formats;

namespace Harness.Datasets.Tests.Formats;

/// <summary>Lengths that were forged on purpose, in files that h5py wrote; each is refused for what it is.</summary>
public sealed class Hdf5StructureTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Datasets in chunks, compact ones, attributes, links, and groups in both of HDF5's ways to store them.</summary>
    [Theory]
    [InlineData("earliest")]
    [InlineData("latest")]
    public async Task Files_of_another_writer_pass_and_are_read(string version)
    {
        using var file = Hdf5File.Open(await WriteAsync(version));
        Assert.Equal(["a/b/chunked", "a/b/growing", "a/b/plain"], file.Datasets().Order().Take(3));
        Assert.Equal(Enumerable.Range(0, 60), file.Numbers<int>("a/b/chunked"));
        Assert.Equal(Enumerable.Range(0, 100), file.Numbers<int>("a/b/growing"));
        Assert.Equal([1.5, 2.5], file.Numbers<double>("a/b/plain"));
        Assert.Equal(["one", "two"], file.Texts("names"));
    }

    [Fact]
    public async Task Every_32_bit_number_of_a_file_may_be_forged_without_taking_memory()
    {
        var content = File.ReadAllBytes((await WriteAsync("earliest")).FullName);
        for (var at = 0; at + 4 <= content.Length; at += 4)
        {
            var original = BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(at));
            BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(at), 0x7FFF_FF00);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var file = Hdf5File.Open(new MemoryStream(content), "forged");
                file.Numbers<int>("a/b/chunked");
            }
            catch (DataFormatException)
            {
                // Refused; whether it must be depends on what the number means.
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
            BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(at), original);
        }
    }

    /// <summary>One chunk, and indices by both kinds of arrays and of trees; a fifth of one dataset is written.</summary>
    [Theory]
    [InlineData("earliest")]
    [InlineData("latest")]
    public async Task Chunks_are_found_by_every_kind_of_index(string version)
    {
        using var file = Hdf5File.Open(await WriteAsync(version));
        foreach (var path in (string[])["single", "fixed", "extensible", "tree"])
            Assert.Equal(Enumerable.Range(0, 60), file.Numbers<int>($"indices/{path}"));
        Assert.Equal([.. Enumerable.Range(0, 20), .. new int[80]], file.Numbers<int>("indices/partly"));
    }

    [Theory]
    [InlineData("earliest")]
    [InlineData("latest")]
    public async Task Sequences_and_texts_of_varying_length_are_read(string version)
    {
        using var file = Hdf5File.Open(await WriteAsync(version));
        Assert.Equal([[], [0], [0, 1], [0, 1, 2]], file.Sequences<int>("varying/plain", 0, 4));
        Assert.Equal([[0, 1], [0, 1, 2]], file.Sequences<int>("varying/packed", 2, 2));
        Assert.Equal(["", "één", "twee"], file.Texts("varying/texts"));
        Assert.Equal("only", file.Text("varying/text"));
        Assert.True(file.HoldsText("varying/texts"));
    }

    [Fact]
    public async Task A_sequence_longer_than_its_heap_is_refused()
    {
        var content = File.ReadAllBytes((await WriteAsync("earliest")).FullName);
        var reference = BitConverter.GetBytes((ulong)content.AsSpan().IndexOf("GCOL"u8));
        for (var at = content.AsSpan().IndexOf(reference); at >= 0; at = Next(at))
            if (BitConverter.ToUInt32(content, at - 4) == 3) BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(at - 4), 1000);
        using var file = Hdf5File.Open(new MemoryStream(content), "forged");
        Assert.Contains("claims 4000 bytes of object",
            Assert.Throws<DataFormatException>(() => file.Sequences<int>("varying/plain", 0, 4)).Message);

        int Next(int at) => content.AsSpan(at + 1).IndexOf(reference) is >= 0 and var next ? at + 1 + next : -1;
    }

    [Fact]
    public async Task A_dataset_of_which_next_to_nothing_is_stored_is_refused()
    {
        var path = _folder.At("empty.h5");
        await Python.RunAsync("""
            import sys, h5py
            with h5py.File(sys.argv[1], 'w') as f:
                f.create_dataset('empty', (1 << 22,), 'u1', chunks=(64,))
            """, ["h5py"], path);
        Assert.Contains("claims 4194304 bytes, but 0 are stored",
            Assert.Throws<DataFormatException>(() => Hdf5File.Open(new FileInfo(path))).Message);
    }

    [Fact]
    public async Task Sequences_where_the_walk_does_not_come_are_refused()
    {
        var path = _folder.At("many.h5");
        await Python.RunAsync("""
            import sys, h5py
            with h5py.File(sys.argv[1], 'w', libver='latest') as f:
                for i in range(40): f[f'numbers{i}'] = range(i)
                f.create_dataset('texts', data=['one'], dtype=h5py.string_dtype())
            """, ["h5py"], path);
        using var file = Hdf5File.Open(new FileInfo(path));
        Assert.Equal(Enumerable.Range(0, 39), file.Numbers<int>("numbers39"));
        Assert.Contains("whose members lie in a fractal heap", Assert.Throws<DataFormatException>(() => file.Texts("texts")).Message);
    }

    [Fact]
    public void What_is_not_HDF5_says_so() => Assert.Contains("it does not begin as HDF5",
        Assert.Throws<DataFormatException>(() => Hdf5File.Open(new MemoryStream(new byte[100]), "zeros")).Message);

    async Task<FileInfo> WriteAsync(string version)
    {
        var path = _folder.At($"{version}.h5");
        await Python.RunAsync($"""
            import sys, h5py, numpy as np
            with h5py.File(sys.argv[1], 'w', libver='{version}') as f:
                g = f.create_group('a/b')
                g.create_dataset('chunked', data=np.arange(60).reshape(3, 4, 5), chunks=(2, 3, 4), compression='gzip', shuffle=True)
                g.create_dataset('growing', data=np.arange(100), chunks=(10,), maxshape=(None,))
                g['plain'] = [1.5, 2.5]
                g['plain'].attrs['unit'] = 'mm'
                g.attrs['numbers'] = np.arange(12.0).reshape(3, 4)
                f['names'] = np.array([b'one', b'two'])
                f['link'] = h5py.SoftLink('/a/b/plain')
                g = f.create_group('indices')
                count = np.arange(60, dtype='i4')
                g.create_dataset('single', data=count, chunks=(60,), compression='gzip')
                g.create_dataset('fixed', data=count, chunks=(7,), compression='gzip')
                g.create_dataset('extensible', data=count, chunks=(7,), maxshape=(None,))
                g.create_dataset('tree', data=count.reshape(6, 10), chunks=(4, 3), maxshape=(None, None), compression='gzip')
                g.create_dataset('partly', (100,), 'i4', chunks=(10,))[:20] = count[:20]
                g = f.create_group('varying')
                for name, options in ('plain', dict()), ('packed', dict(chunks=(2,), compression='gzip')):
                    d = g.create_dataset(name, (4,), h5py.vlen_dtype('i4'), **options)
                    for i in range(4): d[i] = count[:i]
                g['texts'] = np.array(['', 'één', 'twee'], h5py.string_dtype())
                g['text'] = 'only'
            """, ["h5py", "numpy"], path);
        return new(path);
    }
}
