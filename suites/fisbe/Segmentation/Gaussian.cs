using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Segmentation;

/// <summary>Separable Gaussian, cut at three standard deviations; the border voxel goes on outside.</summary>
static class Gaussian
{
    public static float[] Smooth(ReadOnlySpan<float> values, VolumeShape shape, double sigma)
    {
        var kernel = Kernel(sigma);
        var (source, target) = (values.ToArray(), new float[values.Length]);
        foreach (var (length, stride) in new[] { (shape.Depth, shape.SliceVoxels), (shape.Height, shape.Width), (shape.Width, 1) })
        {
            Along(source, target, length, stride, kernel);
            (source, target) = (target, source);
        }
        return source;
    }

    static float[] Kernel(double sigma)
    {
        var radius = Math.Max(1, (int)Math.Ceiling(3 * sigma));
        var weights = Enumerable.Range(-radius, 2 * radius + 1).Select(at => Math.Exp(-at * at / (2 * sigma * sigma))).ToArray();
        return [.. weights.Select(weight => (float)(weight / weights.Sum()))];
    }

    static void Along(float[] source, float[] target, int length, int stride, float[] kernel)
    {
        var radius = kernel.Length / 2;
        var block = length * stride;
        for (var start = 0; start < source.Length; start += block)
            for (var at = 0; at < length; at++)
            {
                var line = target.AsSpan(start + at * stride, stride);
                line.Clear();
                for (var tap = -radius; tap <= radius; tap++)
                {
                    var from = source.AsSpan(start + Math.Clamp(at + tap, 0, length - 1) * stride, stride);
                    var weight = kernel[tap + radius];
                    for (var index = 0; index < stride; index++) line[index] += weight * from[index];
                }
            }
    }
}
