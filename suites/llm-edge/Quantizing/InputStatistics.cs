using System.Numerics;

namespace Suites.LlmEdge.Quantizing;

/// <summary>What a linear layer is given in calibration: sums over the tokens seen.</summary>
sealed class InputStatistics(int width)
{
    public int Width => width;

    /// <summary>Σ x xᵀ, [width, width].</summary>
    public double[] Products { get; } = new double[width * width];

    /// <summary>Largest |x| of each channel.</summary>
    public float[] Largest { get; } = new float[width];

    /// <summary>Σ |x| of each channel.</summary>
    public double[] Magnitudes { get; } = new double[width];

    public int Tokens { get; private set; }

    public void Add(ReadOnlySpan<float> x)
    {
        var wide = new double[width];
        for (var i = 0; i < width; i++)
        {
            wide[i] = x[i];
            Largest[i] = MathF.Max(Largest[i], MathF.Abs(x[i]));
            Magnitudes[i] += Math.Abs(x[i]);
        }
        for (var i = 0; i < width; i++) AddScaled(Products.AsSpan(i * width, width), wide[i], wide);
        Tokens++;
    }

    /// <summary>What the layer is given when its inputs are divided channel by channel.</summary>
    public InputStatistics Divided(float[] scales)
    {
        var divided = new InputStatistics(width) { Tokens = Tokens };
        for (var i = 0; i < width; i++)
        {
            divided.Largest[i] = Largest[i] / scales[i];
            divided.Magnitudes[i] = Magnitudes[i] / scales[i];
            for (var k = 0; k < width; k++)
                divided.Products[i * width + k] = Products[i * width + k] / ((double)scales[i] * scales[k]);
        }
        return divided;
    }

    /// <summary>Σ over tokens and rows of ((w - w')·x)²: the squared error of the layer's outputs.</summary>
    public double OutputError(ReadOnlySpan<float> values, ReadOnlySpan<float> rounded)
    {
        var (sum, miss) = (0.0, new double[width]);
        for (var start = 0; start < values.Length; start += width)
        {
            for (var i = 0; i < width; i++) miss[i] = (double)values[start + i] - rounded[start + i];
            for (var i = 0; i < width; i++)
                if (miss[i] != 0) sum += miss[i] * Dot(Products.AsSpan(i * width, width), miss);
        }
        return sum;
    }

    static void AddScaled(Span<double> to, double factor, ReadOnlySpan<double> a)
    {
        var (wide, i) = (new Vector<double>(factor), 0);
        for (; i + Vector<double>.Count <= a.Length; i += Vector<double>.Count)
            (new Vector<double>(to[i..]) + wide * new Vector<double>(a[i..])).CopyTo(to[i..]);
        for (; i < a.Length; i++) to[i] += factor * a[i];
    }

    static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var (sum, i) = (Vector<double>.Zero, 0);
        for (; i + Vector<double>.Count <= a.Length; i += Vector<double>.Count)
            sum += new Vector<double>(a[i..]) * new Vector<double>(b[i..]);
        var total = Vector.Sum(sum);
        for (; i < a.Length; i++) total += a[i] * b[i];
        return total;
    }
}
