namespace Harness.Datasets.Fisbe;

/// <summary>A Gaussian point spread of one voxel standard deviation, one axis after the other; the border repeats.</summary>
static class PointSpread
{
    const int Reach = 3;
    static readonly float[] Kernel = Create();

    /// <param name="volume">Axes [z, y, x]; changed in place.</param>
    public static void Blur(Span<float> volume, int depth, int height, int width)
    {
        var line = new float[Math.Max(depth, Math.Max(height, width))];
        for (var z = 0; z < depth; z++)
            for (var y = 0; y < height; y++) Line(volume, (z * height + y) * width, 1, width, line);
        for (var z = 0; z < depth; z++)
            for (var x = 0; x < width; x++) Line(volume, z * height * width + x, width, height, line);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++) Line(volume, y * width + x, height * width, depth, line);
    }

    static void Line(Span<float> volume, int start, int stride, int count, float[] line)
    {
        var isDark = true;
        for (var i = 0; i < count; i++) isDark &= (line[i] = volume[start + i * stride]) == 0;
        if (isDark) return;
        for (var i = 0; i < count; i++)
        {
            var sum = 0f;
            for (var shift = -Reach; shift <= Reach; shift++) sum += Kernel[shift + Reach] * line[Math.Clamp(i + shift, 0, count - 1)];
            volume[start + i * stride] = sum;
        }
    }

    static float[] Create()
    {
        var kernel = Enumerable.Range(-Reach, 2 * Reach + 1).Select(shift => Math.Exp(-0.5 * shift * shift)).ToArray();
        return [.. kernel.Select(value => (float)(value / kernel.Sum()))];
    }
}
