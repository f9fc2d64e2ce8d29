using Harness.Datasets.Fisbe;

namespace Suites.Fisbe.Volumes;

/// <summary>The neurons of a sample of a dataset.</summary>
static class Truth
{
    public static VolumeShape ShapeOf(NeuronVolume volume) => new(volume.Raw.Shape[1], volume.Raw.Shape[2], volume.Raw.Shape[3]);

    /// <summary>The neurons in the order of their ids; none when they are withheld.</summary>
    public static InstanceSet Of(NeuronVolume volume)
    {
        if (volume.Instances is not { } instances) return InstanceSet.Of(ShapeOf(volume), Array.Empty<LabelMask>());
        var labels = new SlabLabels<ushort>(volume.Name, instances, volume.Dim);
        return InstanceSet.Of(labels.Shape, LabelMasks.Read(labels, labels.Shape, null, CancellationToken.None));
    }

    /// <summary>The numbers of the dim neurons among those of <see cref="Of"/>.</summary>
    public static IReadOnlyList<int> DimOf(NeuronVolume volume, InstanceSet truth) =>
        [.. truth.Instances.Where(instance => volume.Dim.Contains(instance.Label)).Select(instance => instance.Id)];
}
