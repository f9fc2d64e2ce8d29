using System.Numerics;

namespace Harness.Datasets.Cochlea;

/// <summary>Radix-2 Fourier transforms of one power-of-two length, in place; the inverse is not scaled.</summary>
sealed class FastFourier
{
    readonly Complex[] _turns;
    readonly int[] _reversed;

    public FastFourier(int length)
    {
        if (!BitOperations.IsPow2(length)) throw new ArgumentException($"{length} is not a power of two.", nameof(length));
        Length = length;
        _turns = [.. Enumerable.Range(0, length / 2).Select(k => Complex.FromPolarCoordinates(1, -2 * Math.PI * k / length))];
        var bits = BitOperations.Log2((uint)length);
        _reversed = new int[length];
        for (var i = 1; i < length; i++) _reversed[i] = _reversed[i >> 1] >> 1 | (i & 1) << (bits - 1);
    }

    public int Length { get; }

    public void Forward(Span<Complex> values) => Transform(values, inverse: false);

    public void Inverse(Span<Complex> values) => Transform(values, inverse: true);

    void Transform(Span<Complex> values, bool inverse)
    {
        for (var i = 0; i < Length; i++)
            if (_reversed[i] > i) (values[i], values[_reversed[i]]) = (values[_reversed[i]], values[i]);
        for (var half = 1; half < Length; half *= 2)
            for (var start = 0; start < Length; start += 2 * half)
                for (int k = 0, turn = 0; k < half; k++, turn += Length / (2 * half))
                {
                    var factor = _turns[turn];
                    if (inverse) factor = Complex.Conjugate(factor);
                    var odd = values[start + k + half] * factor;
                    values[start + k + half] = values[start + k] - odd;
                    values[start + k] += odd;
                }
    }
}
