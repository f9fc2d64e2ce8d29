using System.Numerics;
using Harness.Datasets.Cochlea;

namespace Harness.Datasets.Events;

/// <summary>
/// A periodic random texture of unit variance whose amplitudes fall as 1 over the frequency, up to half a cycle a pixel, as those of
/// natural images do (Field 1987).
/// </summary>
sealed class Texture
{
    /// <summary>Texels of a period, and of a pixel: two, so that values between them are nearly straight lines.</summary>
    const int Texels = 128, OfPixel = 2;

    readonly double[] _values = new double[Texels * Texels];

    public Texture(Chance chance)
    {
        var waves = new Complex[Texels * Texels];
        var highest = Texels / OfPixel / 2;
        for (var row = -highest; row <= highest; row++)
            for (var column = -highest; column <= highest; column++)
            {
                var frequency = Math.Sqrt(row * row + column * column);
                if (frequency == 0 || frequency > highest) continue;
                waves[Index(row, column)] = new Complex(chance.Normal(), chance.Normal()) / frequency;
            }
        Transform(waves);
        var scale = Math.Sqrt(waves.Average(value => value.Real * value.Real));
        for (var at = 0; at < _values.Length; at++) _values[at] = waves[at].Real / scale;
    }

    /// <summary>The value at a place in pixels, straight between texels.</summary>
    public double At(double row, double column)
    {
        var (y, x) = (row * OfPixel, column * OfPixel);
        var (top, left) = ((int)Math.Floor(y), (int)Math.Floor(x));
        var (down, right) = (y - top, x - left);
        return (1 - down) * ((1 - right) * _values[Index(top, left)] + right * _values[Index(top, left + 1)])
            + down * ((1 - right) * _values[Index(top + 1, left)] + right * _values[Index(top + 1, left + 1)]);
    }

    static int Index(int row, int column) => (row & (Texels - 1)) * Texels + (column & (Texels - 1));

    static void Transform(Complex[] waves)
    {
        var fourier = new FastFourier(Texels);
        var column = new Complex[Texels];
        for (var row = 0; row < Texels; row++) fourier.Inverse(waves.AsSpan(row * Texels, Texels));
        for (var at = 0; at < Texels; at++)
        {
            for (var row = 0; row < Texels; row++) column[row] = waves[row * Texels + at];
            fourier.Inverse(column);
            for (var row = 0; row < Texels; row++) waves[row * Texels + at] = column[row];
        }
    }
}
