namespace Suites.Fisbe.Volumes;

/// <summary>Labels of a volume, axes [channel, z, y, x]; 0 is background, every other value names an instance of its channel.</summary>
public interface ILabelVolume
{
    /// <summary>Where the labels come from, for messages: file and key.</summary>
    string Name { get; }

    int Channels { get; }

    VolumeShape Shape { get; }

    /// <summary>Labels of the neurons that are dim in the image; null where nothing is said about it.</summary>
    IReadOnlyList<int>? DimNeurons { get; }

    /// <summary>
    /// All slices once; within a channel z ascends. A slice may be overwritten by the next one. Memory is bounded by what the file's
    /// chunks need, not by the volume.
    /// </summary>
    /// <exception cref="HarnessException">A value is negative, no integer or too large for an id.</exception>
    IEnumerable<LabelSlice> Slices();
}

/// <summary>Labels of one slice of one channel, axes [y, x].</summary>
public sealed record LabelSlice(int Channel, int Z, ReadOnlyMemory<int> Labels);

/// <summary>A label volume that is held in memory as one array, axes [channel, z, y, x].</summary>
public sealed class LabelArray(string name, int channels, VolumeShape shape, ReadOnlyMemory<int> labels) : ILabelVolume
{
    public string Name => name;
    public int Channels => channels;
    public VolumeShape Shape => shape;
    public IReadOnlyList<int>? DimNeurons { get; init; }

    public IEnumerable<LabelSlice> Slices()
    {
        for (var channel = 0; channel < channels; channel++)
            for (var z = 0; z < shape.Depth; z++)
                yield return new(channel, z, labels.Slice((channel * shape.Depth + z) * shape.SliceVoxels, shape.SliceVoxels));
    }
}
