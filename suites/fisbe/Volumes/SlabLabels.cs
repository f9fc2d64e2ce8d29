using System.Globalization;
using System.Numerics;
using Harness.Datasets;

namespace Suites.Fisbe.Volumes;

/// <summary>Labels of a file with chunks, axes [z, y, x] or [channel, z, y, x], read in slabs as deep as a chunk.</summary>
sealed class SlabLabels<T> : ILabelVolume, IDisposable where T : unmanaged, IBinaryInteger<T>
{
    const long MostSlabBytes = 512L << 20;

    readonly IVolume<T> _volume;

    public SlabLabels(string name, IVolume<T> volume, IReadOnlyList<int>? dimNeurons)
    {
        (Name, _volume, DimNeurons) = (name, volume, dimNeurons);
        if (volume.Shape.Count is not (3 or 4))
            throw new HarnessException(
                $"{name} has {volume.Shape.Count} axes ({string.Join("×", volume.Shape)}); allowed are [z, y, x] and "
                + "[channel, z, y, x]. Save the volume in one of these forms.");
        if (volume.Shape.Contains(0))
            throw new HarnessException(
                $"{name} has the shape {string.Join("×", volume.Shape)}, which holds no voxel. Write the file again.");
        (Channels, Shape) = (volume.Shape.Count == 4 ? volume.Shape[0] : 1, new(volume.Shape[^3], volume.Shape[^2], volume.Shape[^1]));
    }

    public string Name { get; }
    public int Channels { get; }
    public VolumeShape Shape { get; }
    public IReadOnlyList<int>? DimNeurons { get; }

    public IEnumerable<LabelSlice> Slices()
    {
        var depth = Math.Min(_volume.Chunk[^3], Shape.Depth);
        var width = _volume.Shape.Count == 4 ? Math.Min(_volume.Chunk[0], Channels) : 1;
        // Chunks that span many slices are read in part, and again, rather than all at once.
        while (depth > 1 && Bytes(width, depth) > MostSlabBytes) depth = (depth + 1) / 2;
        while (width > 1 && Bytes(width, depth) > MostSlabBytes) width = (width + 1) / 2;
        var (slab, labels) = (new T[checked(width * depth * Shape.SliceVoxels)], new int[Shape.SliceVoxels]);
        for (var z = 0; z < Shape.Depth; z += depth)
            for (var channel = 0; channel < Channels; channel += width)
            {
                var (channels, slices) = (Math.Min(width, Channels - channel), Math.Min(depth, Shape.Depth - z));
                Read(channel, channels, z, slices, slab);
                for (var slice = 0; slice < channels * slices; slice++)
                {
                    Convert(slab.AsSpan(slice * Shape.SliceVoxels, Shape.SliceVoxels), labels);
                    yield return new(channel + slice / slices, z + slice % slices, labels);
                }
            }
    }

    public void Dispose() => _volume.Dispose();

    long Bytes(int channels, int slices) => (long)channels * slices * Shape.SliceVoxels * int.CreateChecked(T.PopCount(T.AllBitsSet)) / 8;

    void Read(int channel, int channels, int z, int slices, T[] slab) => LabelFile.Guard(Name, () =>
    {
        int[] offset = [channel, z, 0, 0], size = [channels, slices, Shape.Height, Shape.Width];
        var skipped = 4 - _volume.Shape.Count;
        _volume.Read(offset.AsSpan(skipped), size.AsSpan(skipped), slab.AsSpan(0, channels * slices * Shape.SliceVoxels));
        return true;
    });

    void Convert(ReadOnlySpan<T> values, Span<int> labels)
    {
        for (var voxel = 0; voxel < values.Length; voxel++)
        {
            var value = values[voxel];
            if (T.IsNegative(value) || value > T.CreateSaturating(int.MaxValue)) throw Wrong(value);
            labels[voxel] = int.CreateTruncating(value);
        }
    }

    HarnessException Wrong(T value) => new(string.Create(CultureInfo.InvariantCulture,
        $"{Name} holds the label {value}; allowed are 0 for background and ids up to {int.MaxValue}. ")
        + "Number the instances anew, e.g. with skimage.segmentation.relabel_sequential.");
}
