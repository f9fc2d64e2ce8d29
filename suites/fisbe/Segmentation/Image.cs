using Harness.Datasets.Fisbe;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Segmentation;

/// <summary>An image as families see it: axes [channel, z, y, x], intensity 0..5 after clipping, about 1 where a neuron is lit.</summary>
sealed class Image(VolumeShape shape, int channels, float[] values)
{
    // FISBe's experiments clip at 1500, beyond which only somata lie.
    const float Brightest = 1500;
    const float Lit = 300;

    public VolumeShape Shape { get; } = shape;
    public int Channels { get; } = channels;
    public float[] Values { get; } = values;

    public int Voxels { get; } = checked((int)shape.Voxels);

    public float this[int channel, int voxel] => Values[channel * Voxels + voxel];

    public static Image Of(NeuronVolume volume)
    {
        var raw = volume.Raw;
        int[] size = [.. raw.Shape];
        var intensities = new ushort[size.Aggregate(1, (product, length) => checked(product * length))];
        raw.Read(new int[size.Length], size, intensities);
        return new(new(size[1], size[2], size[3]), size[0], Array.ConvertAll(intensities, value => Math.Min(value, Brightest) / Lit));
    }

    /// <summary>The brightest channel of each voxel.</summary>
    public float[] Brightness()
    {
        var brightest = Values[..Voxels];
        for (var channel = 1; channel < Channels; channel++)
            for (var voxel = 0; voxel < Voxels; voxel++)
                brightest[voxel] = Math.Max(brightest[voxel], Values[channel * Voxels + voxel]);
        return brightest;
    }

    /// <summary>The image under a Gaussian of standard deviation <paramref name="sigma"/> voxels; 0 gives the image itself.</summary>
    public Image Smooth(double sigma)
    {
        if (sigma == 0) return this;
        var smooth = new float[Values.Length];
        for (var channel = 0; channel < Channels; channel++)
            Gaussian.Smooth(Values.AsSpan(channel * Voxels, Voxels), Shape, sigma).CopyTo(smooth.AsSpan(channel * Voxels));
        return new(Shape, Channels, smooth);
    }
}
