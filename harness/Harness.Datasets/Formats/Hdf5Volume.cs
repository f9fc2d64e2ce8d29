using System.Numerics;

namespace Harness.Datasets.Formats;

/// <summary>A dataset of an HDF5 file, read in boxes; elements are converted, and those that do not fit are errors.</summary>
public sealed class Hdf5Volume<T>(Hdf5File file, string path, bool owned = false) : IVolume<T> where T : unmanaged, INumberBase<T>
{
    public IReadOnlyList<int> Shape { get; } = file.Shape(path);
    public IReadOnlyList<int> Chunk { get; } = file.Chunk(path);

    public void Read(ReadOnlySpan<int> offset, ReadOnlySpan<int> size, Span<T> target)
    {
        Box.Of(offset, size, Shape, target.Length);
        if (target.Length > 0) file.Numbers<T>(path, offset, size).CopyTo(target);
    }

    public void Dispose()
    {
        if (owned) file.Dispose();
    }
}
