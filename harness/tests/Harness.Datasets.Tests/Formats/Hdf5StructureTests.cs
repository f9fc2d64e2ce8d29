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
        Assert.Equal(["a/b/chunked", "a/b/growing", "a/b/plain", "link", "names"], file.Datasets().Order());
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
            """, ["h5py", "numpy"], path);
        return new(path);
    }
}
