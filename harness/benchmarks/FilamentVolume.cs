using System.Numerics;
using Harness.Datasets;

namespace Harness.Benchmarks;

/// <summary>Channels of thin shapes, given as ascending voxel numbers; the voxels of channel c have the value c + 1.</summary>
sealed class FilamentVolume<T>(IReadOnlyList<int> extent, IReadOnlyList<int[]> shapes) : IVolume<T> where T : unmanaged, INumberBase<T>
{
    public IReadOnlyList<int> Shape { get; } = [shapes.Count, .. extent];
    public IReadOnlyList<int> Chunk => Shape;

    public void Read(ReadOnlySpan<int> offset, ReadOnlySpan<int> size, Span<T> target)
    {
        target.Clear();
        var (width, plane, box) = (extent[2], extent[1] * extent[2], size[1] * size[2] * size[3]);
        for (var channel = 0; channel < size[0]; channel++)
        {
            var (voxels, value) = (shapes[offset[0] + channel], T.CreateChecked(offset[0] + channel + 1));
            for (var at = First(voxels, offset[1] * plane); at < voxels.Length && voxels[at] < (offset[1] + size[1]) * plane; at++)
            {
                var (z, y, x) = (voxels[at] / plane - offset[1], voxels[at] % plane / width - offset[2], voxels[at] % width - offset[3]);
                if ((uint)y < (uint)size[2] && (uint)x < (uint)size[3]) target[channel * box + (z * size[2] + y) * size[3] + x] = value;
            }
        }
    }

    public void Dispose() { }

    static int First(int[] voxels, int least)
    {
        var found = Array.BinarySearch(voxels, least);
        return found < 0 ? ~found : found;
    }
}

/// <summary>A ball drawn along a walk that turns a little at every step and turns back at the border.</summary>
static class Filament
{
    const int Steps = 4000;
    const float Turn = 0.2f;

    /// <summary>Ascending voxel numbers; the extent is z, y, x.</summary>
    public static int[] Walk(Random chance, IReadOnlyList<int> extent)
    {
        var voxels = new HashSet<int>();
        var limit = new Vector3(extent[2], extent[1], extent[0]) - Vector3.One;
        var (at, radius) = (Draw(chance) * limit, 2 + 2 * chance.NextSingle());
        var direction = Vector3.Normalize(Draw(chance) - new Vector3(0.5f));
        for (var step = 0; step < Steps; step++)
        {
            direction = Vector3.Normalize(direction + Turn * (Draw(chance) - new Vector3(0.5f)));
            var next = Vector3.Clamp(at + direction, Vector3.Zero, limit);
            for (var axis = 0; axis < 3; axis++)
                if (next[axis] <= 0 || next[axis] >= limit[axis]) direction[axis] = -direction[axis];
            Ball(voxels, at = next, radius, extent, limit);
        }
        return [.. voxels.Order()];
    }

    static Vector3 Draw(Random chance) => new(chance.NextSingle(), chance.NextSingle(), chance.NextSingle());

    static void Ball(HashSet<int> voxels, Vector3 centre, float radius, IReadOnlyList<int> extent, Vector3 limit)
    {
        var (low, high) = (Vector3.Max(centre - new Vector3(radius), Vector3.Zero), Vector3.Min(centre + new Vector3(radius), limit));
        for (var z = (int)MathF.Ceiling(low.Z); z <= high.Z; z++)
            for (var y = (int)MathF.Ceiling(low.Y); y <= high.Y; y++)
                for (var x = (int)MathF.Ceiling(low.X); x <= high.X; x++)
                    if (Vector3.DistanceSquared(new(x, y, z), centre) <= radius * radius) voxels.Add((z * extent[1] + y) * extent[2] + x);
    }
}
