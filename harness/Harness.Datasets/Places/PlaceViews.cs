using Harness.Datasets.Formats;

namespace Harness.Datasets.Places;

/// <summary>
/// What place recognition does to images before it compares them. All of it decides numbers, so protocols and models name it.
/// </summary>
public static class PlaceViews
{
    /// <summary>Gray 0..255 of a colour image: 0.299 R + 0.587 G + 0.114 B, rounded.</summary>
    /// <param name="image">Planes of red, green and blue.</param>
    public static byte[] Gray(RasterImage image)
    {
        var count = image.Height * image.Width;
        var gray = new byte[count];
        for (var i = 0; i < count; i++)
            gray[i] = (byte)Math.Round(0.299 * image.Pixels[i] + 0.587 * image.Pixels[count + i] + 0.114 * image.Pixels[2 * count + i]);
        return gray;
    }

    /// <summary>Bilinear resampling between pixel centres (half-pixel offsets, no smoothing), as <c>align_corners=False</c> does.</summary>
    public static float[] Resize(ReadOnlySpan<float> image, int height, int width, int newHeight, int newWidth)
    {
        var result = new float[newHeight * newWidth];
        for (var row = 0; row < newHeight; row++)
        {
            var (top, bottom, down) = Neighbours(row, newHeight, height);
            for (var column = 0; column < newWidth; column++)
            {
                var (left, right, across) = Neighbours(column, newWidth, width);
                var above = image[top * width + left] + across * (image[top * width + right] - image[top * width + left]);
                var below = image[bottom * width + left] + across * (image[bottom * width + right] - image[bottom * width + left]);
                result[row * newWidth + column] = above + down * (below - above);
            }
        }
        return result;
    }

    /// <summary>
    /// Patch normalisation of SeqSLAM (Milford and Wyeth 2012): within each patch, minus the mean, divided by the standard deviation; a
    /// patch
    /// of one gray becomes 0. Patches at the edge may be smaller.
    /// </summary>
    public static float[] NormalizePatches(ReadOnlySpan<float> image, int height, int width, int patch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patch, 1);
        var result = new float[image.Length];
        for (var top = 0; top < height; top += patch)
            for (var left = 0; left < width; left += patch)
                NormalizePatch(image, result, width, top, Math.Min(top + patch, height), left, Math.Min(left + patch, width));
        return result;
    }

    static void NormalizePatch(ReadOnlySpan<float> image, float[] result, int width, int top, int bottom, int left, int right)
    {
        var (sum, squares, count) = (0.0, 0.0, (bottom - top) * (right - left));
        for (var row = top; row < bottom; row++)
            for (var column = left; column < right; column++) sum += image[row * width + column];
        var mean = sum / count;
        for (var row = top; row < bottom; row++)
            for (var column = left; column < right; column++) squares += Math.Pow(image[row * width + column] - mean, 2);
        var deviation = Math.Sqrt(squares / count);
        if (deviation < 1e-9) return;
        for (var row = top; row < bottom; row++)
            for (var column = left; column < right; column++) result[row * width + column] =
                (float)((image[row * width + column] - mean) / deviation);
    }

    static (int First, int Second, float Share) Neighbours(int index, int count, int source)
    {
        var at = Math.Max(0, (index + 0.5f) * source / count - 0.5f);
        var first = Math.Min((int)at, source - 1);
        return (first, Math.Min(first + 1, source - 1), at - first);
    }
}
