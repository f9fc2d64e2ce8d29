using Harness.Datasets.Places;

namespace Suites.PlaceRecognition.Matching;

/// <summary>What an image is turned into before it is compared with others.</summary>
static class Descriptors
{
    const int Orientations = 9;
    const double Least = 1e-5;
    const double Clip = 0.2;

    public static float[] Floats(PlaceImage image) => Array.ConvertAll(image.Pixels.ToArray(), pixel => (float)pixel);

    /// <summary>Gray resized to so many rows and columns, each patch of its own mean and deviation.</summary>
    public static float[] Normalized(PlaceImage image, int height, int width, int patch)
    {
        var gray = Floats(image);
        if ((height, width) != (image.Height, image.Width)) gray = PlaceViews.Resize(gray, image.Height, image.Width, height, width);
        return PlaceViews.NormalizePatches(gray, height, width, patch);
    }

    /// <summary>
    /// Gray brought to a mean of half of white by a power, resized, and each pixel over mean and deviation (of samples) of the
    /// <paramref name="patch"/> × <paramref name="patch"/> pixels around it, as far as they are in the image.
    /// </summary>
    public static float[] Surrounded(PlaceImage image, int height, int width, int patch)
    {
        var gray = Floats(image);
        var gamma = Math.Log(0.5 * byte.MaxValue) / Math.Log(Math.Max(2, gray.Average()));
        var light = Array.ConvertAll(gray, value => (float)Math.Min(byte.MaxValue, Math.Pow(value, gamma)));
        if ((height, width) != (image.Height, image.Width)) light = PlaceViews.Resize(light, image.Height, image.Width, height, width);
        var result = new float[light.Length];
        for (var row = 0; row < height; row++)
            for (var column = 0; column < width; column++)
                result[row * width + column] = Over(light, height, width, row, column, patch / 2);
        return result;
    }

    static float Over(float[] gray, int height, int width, int row, int column, int reach)
    {
        var (top, bottom) = (Math.Max(0, row - reach), Math.Min(height - 1, row + reach));
        var (left, right) = (Math.Max(0, column - reach), Math.Min(width - 1, column + reach));
        double sum = 0, squares = 0;
        for (var y = top; y <= bottom; y++)
            for (var x = left; x <= right; x++)
            {
                double value = gray[y * width + x];
                (sum, squares) = (sum + value, squares + value * value);
            }
        double count = (bottom - top + 1) * (right - left + 1);
        var variance = (squares - sum * sum / count) / (count - 1);
        return variance > 1e-6 ? (float)((gray[row * width + column] - sum / count) / Math.Sqrt(variance)) : 0;
    }

    /// <summary>
    /// Histograms of oriented gradients (Dalal and Triggs, CVPR 2005): gradients by central differences, 0 at the edges; 9 unsigned
    /// orientations without interpolation; cells of <paramref name="cell"/> × <paramref name="cell"/> pixels; blocks of 2 × 2 cells with
    /// one cell of overlap, L2-Hys. [block row, block column, cell row, cell column, orientation].
    /// </summary>
    public static float[] Gradients(PlaceImage image, int cell)
    {
        var (rows, columns) = (image.Height / cell, image.Width / cell);
        if (rows < 2 || columns < 2)
            throw new UnsupportedException($"An image of {image.Height} × {image.Width} pixels has fewer than 2 × 2 cells of {cell}; "
                + "choose smaller cells.");
        var cells = Cells(Floats(image), image.Height, image.Width, rows, columns, cell);
        var result = new float[(rows - 1) * (columns - 1) * 4 * Orientations];
        for (var row = 0; row < rows - 1; row++)
            for (var column = 0; column < columns - 1; column++)
            {
                var block = result.AsSpan((row * (columns - 1) + column) * 4 * Orientations, 4 * Orientations);
                for (var part = 0; part < 4; part++)
                    cells.AsSpan(((row + part / 2) * columns + column + part % 2) * Orientations, Orientations)
                        .CopyTo(block[(part * Orientations)..]);
                Normalize(block);
                for (var at = 0; at < block.Length; at++) block[at] = Math.Min(block[at], (float)Clip);
                Normalize(block);
            }
        return result;
    }

    static float[] Cells(float[] gray, int height, int width, int rows, int columns, int cell)
    {
        var cells = new float[rows * columns * Orientations];
        for (var y = 0; y < rows * cell; y++)
            for (var x = 0; x < columns * cell; x++)
            {
                double down = y == 0 || y == height - 1 ? 0 : gray[(y + 1) * width + x] - gray[(y - 1) * width + x];
                double across = x == 0 || x == width - 1 ? 0 : gray[y * width + x + 1] - gray[y * width + x - 1];
                var angle = Math.Atan2(down, across) * 180 / Math.PI;
                if (angle < 0) angle += 180;
                var orientation = (int)(angle * Orientations / 180) % Orientations;
                cells[(y / cell * columns + x / cell) * Orientations + orientation] +=
                    (float)(Math.Sqrt(down * down + across * across) / (cell * cell));
            }
        return cells;
    }

    static void Normalize(Span<float> block)
    {
        var sum = Least * Least;
        foreach (var value in block) sum += (double)value * value;
        var length = (float)Math.Sqrt(sum);
        for (var at = 0; at < block.Length; at++) block[at] /= length;
    }
}
