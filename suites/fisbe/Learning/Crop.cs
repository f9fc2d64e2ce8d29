using Harness.Torch;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Learning;

/// <summary>A cube of a specimen in one of its 48 orientations, with colours permuted and intensity scaled. What lies outside is dark and
/// empty.</summary>
sealed class Crop
{
    readonly Specimen _specimen;
    readonly int _size;
    readonly int[] _origin, _axes;
    readonly bool[] _mirrored;

    /// <param name="centre">The voxel of the specimen that lies in the middle.</param>
    /// <param name="varied">False for the cube as it is.</param>
    public Crop(Specimen specimen, int size, int centre, bool varied, SampleOrder chance)
    {
        var (z, y, x) = specimen.Image.Shape.Position(centre);
        (_specimen, _size) = (specimen, size);
        _origin = [z - size / 2, y - size / 2, x - size / 2];
        _axes = varied ? chance.Permutation(3) : [0, 1, 2];
        _mirrored = [.. _axes.Select(_ => varied && chance.Coin())];
        Values = Colours(varied ? chance.Permutation(specimen.Image.Channels) : [.. Enumerable.Range(0, specimen.Image.Channels)],
            varied ? (float)(0.9 + 0.2 * chance.Unit()) : 1);
    }

    /// <summary>Axes [channel, z, y, x].</summary>
    public float[] Values { get; }

    /// <summary>The neurons at a place of the cube, which may lie outside of it; 0 outside of the specimen.</summary>
    public ulong OwnersAt(int z, int y, int x) => VoxelAt(z, y, x) is var voxel and >= 0 ? _specimen.Owners[voxel] : 0;

    int VoxelAt(int z, int y, int x)
    {
        Span<int> place = [z, y, x], at = stackalloc int[3];
        for (var axis = 0; axis < 3; axis++)
            at[_axes[axis]] = _origin[_axes[axis]] + (_mirrored[axis] ? _size - 1 - place[axis] : place[axis]);
        var shape = _specimen.Image.Shape;
        return (uint)at[0] < (uint)shape.Depth && (uint)at[1] < (uint)shape.Height && (uint)at[2] < (uint)shape.Width
            ? shape.Number(at[0], at[1], at[2]) : -1;
    }

    float[] Colours(int[] channels, float scale)
    {
        var cube = new VolumeShape(_size, _size, _size);
        var values = new float[channels.Length * cube.Voxels];
        for (var place = 0; place < cube.Voxels; place++)
        {
            var (z, y, x) = cube.Position(place);
            if (VoxelAt(z, y, x) is not (var voxel and >= 0)) continue;
            for (var channel = 0; channel < channels.Length; channel++)
                values[channel * cube.Voxels + place] = scale * _specimen.Image[channels[channel], voxel];
        }
        return values;
    }
}

/// <summary>Draws crops: most around a neuron, some around a place that neurons share, few anywhere.</summary>
sealed class CropSampler(IReadOnlyList<Specimen> specimens, int size, SampleOrder chance)
{
    const double Anywhere = 0.05;
    const double AroundShared = 0.25;

    public Crop Draw()
    {
        var specimen = specimens[chance.Below(specimens.Count)];
        var kind = chance.Unit();
        var places = kind < Anywhere || specimen.Covered.Length == 0 ? null
            : kind < Anywhere + AroundShared && specimen.Shared.Length > 0 ? specimen.Shared : specimen.Covered;
        return new(specimen, size, places is null ? chance.Below(specimen.Image.Voxels) : places[chance.Below(places.Length)], varied: true,
            chance);
    }
}
