using System.Runtime.InteropServices;

namespace Suites.LlmEdge.Files;

/// <summary>How the numbers of a weight matrix are packed: blocks of ggml's formats (ggml-common.h), rows one after another.</summary>
/// <param name="Name">ggml's name, as readers of GGUF report it.</param>
/// <param name="Number">ggml's number of the type.</param>
/// <param name="BlockElements">Numbers in a block; a row is a multiple of it.</param>
public abstract record Packing(string Name, uint Number, int BlockElements, int BlockBytes)
{
    public static Packing F32 { get; } = new Singles();
    public static Packing F16 { get; } = new Halves();
    public static Packing Q80 { get; } = new BytesOf32();
    public static Packing Q40 { get; } = new NibblesOf32();
    public static Packing Q4K { get; } = new NibblesOf256();
    public static Packing Q6K { get; } = new SixBitsOf256();

    /// <summary>Every packing the engine computes with.</summary>
    public static IReadOnlyList<Packing> All { get; } = [F32, F16, Q80, Q40, Q4K, Q6K];

    public double BitsPerWeight => 8.0 * BlockBytes / BlockElements;

    public static Packing? OfOrNull(string name) => All.FirstOrDefault(packing => packing.Name.Equals(name,
        StringComparison.OrdinalIgnoreCase));

    /// <exception cref="HarnessException">There is no such packing.</exception>
    public static Packing Of(string name) => OfOrNull(name) ?? throw new HarnessException(
        $"The weight type '{name}' is not supported; there are {string.Join(", ", All.Select(packing => packing.Name))}.");

    public bool Fits(int width) => width % BlockElements == 0;

    /// <summary>Bytes of a row of <paramref name="width"/> numbers.</summary>
    public long RowBytes(int width) => Fits(width) ? (long)width / BlockElements * BlockBytes
        : throw new HarnessException(
            $"A row of {width} numbers cannot be packed as {Name}; its length must be a multiple of {BlockElements}.");

    /// <summary>Packs whole blocks; every number must be finite.</summary>
    public void Pack(ReadOnlySpan<float> values, Span<byte> packed)
    {
        for (var block = 0; block < values.Length / BlockElements; block++)
            PackBlock(values.Slice(block * BlockElements, BlockElements), packed.Slice(block * BlockBytes, BlockBytes));
    }

    public void Unpack(ReadOnlySpan<byte> packed, Span<float> values)
    {
        for (var block = 0; block < values.Length / BlockElements; block++)
            UnpackBlock(packed.Slice(block * BlockBytes, BlockBytes), values.Slice(block * BlockElements, BlockElements));
    }

    private protected abstract void PackBlock(ReadOnlySpan<float> values, Span<byte> block);
    private protected abstract void UnpackBlock(ReadOnlySpan<byte> block, Span<float> values);

    private protected static float Half(ReadOnlySpan<byte> bytes) => (float)MemoryMarshal.Read<Half>(bytes);

    private protected static void SetHalf(Span<byte> bytes, float value) => MemoryMarshal.Write(bytes, (Half)value);

    private protected static float LargestMagnitude(ReadOnlySpan<float> values)
    {
        var largest = 0f;
        foreach (var value in values) if (MathF.Abs(value) > MathF.Abs(largest)) largest = value;
        return largest;
    }
}

sealed record Singles() : Packing("F32", 0, 1, 4)
{
    private protected override void PackBlock(ReadOnlySpan<float> values, Span<byte> block) => MemoryMarshal.Write(block, values[0]);
    private protected override void UnpackBlock(ReadOnlySpan<byte> block, Span<float> values) =>
        values[0] = MemoryMarshal.Read<float>(block);
}

sealed record Halves() : Packing("F16", 1, 1, 2)
{
    private protected override void PackBlock(ReadOnlySpan<float> values, Span<byte> block) => SetHalf(block, values[0]);
    private protected override void UnpackBlock(ReadOnlySpan<byte> block, Span<float> values) => values[0] = Half(block);
}

/// <summary>x = d·q, q in -127..127, d = max|x| / 127 as half.</summary>
sealed record BytesOf32() : Packing("Q8_0", 8, 32, 34)
{
    private protected override void PackBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var scale = MathF.Abs(LargestMagnitude(values)) / 127;
        var inverse = scale > 0 ? 1 / scale : 0;
        SetHalf(block, scale);
        for (var i = 0; i < 32; i++) block[2 + i] = (byte)(sbyte)MathF.Round(values[i] * inverse, MidpointRounding.AwayFromZero);
    }

    private protected override void UnpackBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = Half(block);
        for (var i = 0; i < 32; i++) values[i] = scale * (sbyte)block[2 + i];
    }
}

/// <summary>
/// x = d·(q - 8), q in 0..15; d is the number of largest magnitude over -8, so that this one is met. Byte i holds numbers i (low) and i
/// + 16.
/// </summary>
sealed record NibblesOf32() : Packing("Q4_0", 2, 32, 18)
{
    private protected override void PackBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        var scale = LargestMagnitude(values) / -8;
        var inverse = scale != 0 ? 1 / scale : 0;
        SetHalf(block, scale);
        for (var i = 0; i < 16; i++) block[2 + i] = (byte)(Code(values[i] * inverse) | Code(values[i + 16] * inverse) << 4);
    }

    private protected override void UnpackBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = Half(block);
        for (var i = 0; i < 16; i++)
        {
            values[i] = scale * ((block[2 + i] & 15) - 8);
            values[i + 16] = scale * ((block[2 + i] >> 4) - 8);
        }
    }

    static int Code(float value) => Math.Clamp((int)(value + 8.5f), 0, 15);
}
