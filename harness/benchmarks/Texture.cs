using Harness.Datasets;

namespace Harness.Benchmarks;

/// <summary>A volume of any size, computed where it is read: smooth structure and noise, 12 bits, about as packable as an image.</summary>
sealed class Texture(IReadOnlyList<int> shape) : IVolume<ushort>
{
    public IReadOnlyList<int> Shape => shape;
    public IReadOnlyList<int> Chunk => shape;

    public void Read(ReadOnlySpan<int> offset, ReadOnlySpan<int> size, Span<ushort> target)
    {
        var (at, place) = (new int[size.Length], 0);
        while (place < target.Length)
        {
            var row = 0;
            for (var axis = 0; axis < size.Length - 1; axis++) row = row * 31 + offset[axis] + at[axis];
            for (var x = 0; x < size[^1]; x++) target[place++] = Voxel(row, offset[^1] + x);
            for (var axis = size.Length - 2; axis >= 0 && ++at[axis] == size[axis]; axis--) at[axis] = 0;
        }
    }

    public void Dispose() { }

    static ushort Voxel(int row, int x)
    {
        var noise = (uint)(row * 73_856_093 ^ x * 19_349_663) * 2_654_435_761u >> 28;
        return (ushort)(64 * ((row + x) / 16 % 32) + noise);
    }
}
