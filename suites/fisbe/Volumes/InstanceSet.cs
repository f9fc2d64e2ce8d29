namespace Suites.Fisbe.Volumes;

/// <summary>One neuron: <paramref name="Id"/> counts from 1, <paramref name="Label"/> is what its file calls it.</summary>
public sealed record Instance(int Id, int Channel, int Label, Mask Mask);

/// <summary>The neurons of a volume. They may overlap: a voxel belongs to as many as cover it.</summary>
public sealed class InstanceSet
{
    readonly Lazy<Mask> _overlap;

    public InstanceSet(VolumeShape shape, IReadOnlyList<Instance> instances)
    {
        (Shape, Instances) = (shape, instances);
        _overlap = new(() => Mask.Overlap(instances.Select(instance => instance.Mask)));
    }

    public VolumeShape Shape { get; }
    public IReadOnlyList<Instance> Instances { get; }
    public int Count => Instances.Count;

    /// <summary>The voxels that more than one instance covers.</summary>
    public Mask Overlap => _overlap.Value;

    /// <summary>The instances of the given ids in that order, numbered anew from 1.</summary>
    public InstanceSet Subset(IEnumerable<int> ids) =>
        new(Shape, [.. ids.Select((id, index) => Instances[id - 1] with { Id = index + 1 })]);

    /// <summary>Instances numbered by channel and label. A label that occurs in two channels is two instances.</summary>
    public static InstanceSet Of(VolumeShape shape, IEnumerable<LabelMask> labels) =>
        new(shape, [.. labels.Select((entry, index) => new Instance(index + 1, entry.Channel, entry.Label, entry.Mask))]);

    /// <summary>Masks that need no file, one instance each.</summary>
    public static InstanceSet Of(VolumeShape shape, IEnumerable<Mask> masks) =>
        Of(shape, masks.Select((mask, index) => new LabelMask(index, index + 1, mask)));
}
