namespace Suites.LlmEdge.Files;

/// <summary>
/// Eight parts of 32 numbers: x = d·s·q - e·m, q in 0..15, s and m of six bits per part, d and e halves. Bytes 4..15 hold s and m: those
/// of parts 0..3 in the low six bits of a byte each; of parts 4..7 the low four bits in one byte together and the high two in the bytes
/// before.
/// </summary>
sealed record NibblesOf256() : Packing("Q4_K", 12, 256, 144)
{
    const int Parts = 8;
    const int Part = 32;
    const int Rounds = 8;

    /// <summary>s and m of a part.</summary>
    public static (int Scale, int Minimum) Factors(ReadOnlySpan<byte> six, int part) => part < 4
        ? (six[part] & 63, six[part + 4] & 63)
        : (six[part + 4] & 15 | six[part - 4] >> 6 << 4, six[part + 4] >> 4 | six[part] >> 6 << 4);

    private protected override void PackBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> scales = stackalloc float[Parts], minima = stackalloc float[Parts];
        for (var part = 0; part < Parts; part++) (scales[part], minima[part]) = Fit(values.Slice(part * Part, Part));
        var (scale, minimum) = (Largest(scales) / 63, Largest(minima) / 63);
        SetHalf(block, scale);
        SetHalf(block[2..], minimum);
        (scale, minimum) = (Half(block), Half(block[2..]));
        block[4..].Clear();
        for (var part = 0; part < Parts; part++)
        {
            var (s, m) = (Six(scales[part], scale), Six(minima[part], minimum));
            SetFactors(block[4..16], part, s, m);
            var (step, offset) = (scale * s, minimum * m);
            for (var i = 0; i < Part; i++)
            {
                var code = step == 0 ? 0 : Math.Clamp((int)MathF.Round((values[part * Part + i] + offset) / step), 0, 15);
                block[16 + part / 2 * Part + i] |= (byte)(code << part % 2 * 4);
            }
        }
    }

    private protected override void UnpackBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        var (scale, minimum) = (Half(block), Half(block[2..]));
        for (var part = 0; part < Parts; part++)
        {
            var (s, m) = Factors(block[4..16], part);
            var (step, offset) = (scale * s, minimum * m);
            for (var i = 0; i < Part; i++) values[part * Part + i] = step * (block[16 + part / 2 * Part + i] >> part % 2 * 4 & 15) - offset;
        }
    }

    static void SetFactors(Span<byte> six, int part, int scale, int minimum)
    {
        if (part < 4) (six[part], six[part + 4]) = ((byte)(six[part] | scale), (byte)(six[part + 4] | minimum));
        else
        {
            six[part + 4] = (byte)(scale & 15 | (minimum & 15) << 4);
            six[part - 4] |= (byte)(scale >> 4 << 6);
            six[part] |= (byte)(minimum >> 4 << 6);
        }
    }

    static int Six(float value, float unit) => unit == 0 ? 0 : Math.Clamp((int)MathF.Round(value / unit), 0, 63);

    static float Largest(ReadOnlySpan<float> values)
    {
        var largest = 0f;
        foreach (var value in values) largest = MathF.Max(largest, value);
        return largest;
    }

    // From min and max: least squares for step and offset and new codes, turn by turn, while the squared error falls. The offset never
    // lies above 0: m has no sign.
    static (float Step, float Offset) Fit(ReadOnlySpan<float> part)
    {
        var (low, high) = (0f, 0f);
        foreach (var value in part) (low, high) = (MathF.Min(low, value), MathF.Max(high, value));
        var (step, offset) = ((high - low) / 15, -low);
        if (step == 0) return (0, offset);
        var (best, error) = ((step, offset), double.PositiveInfinity);
        for (var round = 0; round < Rounds; round++)
        {
            double codes = 0, squares = 0, products = 0, sum = 0, squared = 0;
            foreach (var value in part)
            {
                var code = Math.Clamp((int)MathF.Round((value + offset) / step), 0, 15);
                var miss = (double)step * code - offset - value;
                (codes, squares, products, sum, squared) =
                    (codes + code, squares + code * code, products + (double)code * value, sum + value, squared + miss * miss);
            }
            if (squared >= error) break;
            (best, error) = ((step, offset), squared);
            var determinant = Part * squares - codes * codes;
            if (determinant <= 0) break;
            (step, offset) = ((float)((Part * products - codes * sum) / determinant),
                (float)Math.Max(0, (codes * products - squares * sum) / determinant));
            if (!(step > 0)) break;
        }
        return best;
    }
}

/// <summary>
/// Sixteen parts of 16 numbers: x = d·s·(q - 32), q in 0..63, s a signed byte per part, d half. 128 bytes of low nibbles, 64 of high
/// pairs of bits, 16 of s, then d; each half of the block interleaves four runs of 32.
/// </summary>
sealed record SixBitsOf256() : Packing("Q6_K", 14, 256, 210)
{
    const int Part = 16;
    const int Parts = 16;

    private protected override void PackBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> scales = stackalloc float[Parts];
        for (var part = 0; part < Parts; part++) scales[part] = Fit(values.Slice(part * Part, Part));
        SetHalf(block[208..], LargestMagnitude(scales) / -128);
        var scale = Half(block[208..]);
        block[..192].Clear();
        for (var part = 0; part < Parts; part++)
        {
            var factor = scale == 0 ? 0 : Math.Clamp((int)MathF.Round(scales[part] / scale), -128, 127);
            block[192 + part] = (byte)(sbyte)factor;
            var step = scale * factor;
            for (var i = 0; i < Part; i++)
                Set(block, part * Part + i, step == 0 ? 32 : Math.Clamp((int)MathF.Round(values[part * Part + i] / step), -32, 31) + 32);
        }
    }

    private protected override void UnpackBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = Half(block[208..]);
        for (var i = 0; i < 256; i++)
        {
            var (low, shift, high, pair) = Place(i);
            var code = (block[low] >> shift & 15) | (block[high] >> pair & 3) << 4;
            values[i] = scale * (sbyte)block[192 + i / Part] * (code - 32);
        }
    }

    static void Set(Span<byte> block, int index, int code)
    {
        var (low, shift, high, pair) = Place(index);
        block[low] |= (byte)((code & 15) << shift);
        block[high] |= (byte)(code >> 4 << pair);
    }

    static (int Low, int Shift, int High, int Pair) Place(int index)
    {
        var (half, run, at) = (index / 128, index % 128 / 32, index % 32);
        return (half * 64 + run % 2 * 32 + at, run / 2 * 4, 128 + half * 32 + at, run * 2);
    }

    // The best of a few steps around "the largest number becomes -32", each refined by least squares.
    static float Fit(ReadOnlySpan<float> part)
    {
        var largest = LargestMagnitude(part);
        if (largest == 0) return 0;
        var (best, gain) = (0f, double.NegativeInfinity);
        for (var trial = -9; trial <= 9; trial++)
        {
            var inverse = (-32 - 0.1f * trial) / largest;
            double products = 0, squares = 0;
            foreach (var value in part)
            {
                var code = Math.Clamp((int)MathF.Round(value * inverse), -32, 31);
                (products, squares) = (products + (double)code * value, squares + (double)code * code);
            }
            if (squares > 0 && products * products / squares > gain) (best, gain) = ((float)(products / squares),
                products * products / squares);
        }
        return best;
    }
}
