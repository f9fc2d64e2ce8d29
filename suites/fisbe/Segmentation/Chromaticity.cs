namespace Suites.Fisbe.Segmentation;

/// <summary>Colour without brightness: the shares of the first two channels in what exceeds the dark of each channel.</summary>
sealed class Chromaticity(Image image)
{
    // Keeps a black voxel in the middle of the plane.
    const float Least = 1e-6f;

    readonly float[] _dark = [.. Enumerable.Range(0, image.Channels)
        .Select(channel => Median(image.Values.AsSpan(channel * image.Voxels, image.Voxels)))];

    /// <summary>A point in the unit triangle; a single channel gives one point for all.</summary>
    public (double X, double Y) Of(int voxel)
    {
        var sum = 0f;
        for (var channel = 0; channel < image.Channels; channel++) sum += Above(channel, voxel);
        return (Above(0, voxel) / sum, image.Channels > 1 ? Above(1, voxel) / sum : 0);
    }

    float Above(int channel, int voxel) => Math.Max(0, image[channel, voxel] - _dark[channel]) + Least;

    static float Median(ReadOnlySpan<float> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }
}
