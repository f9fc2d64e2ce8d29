namespace Suites.Fisbe.Volumes;

/// <summary>
/// A set of voxels as sorted, disjoint, non-touching runs of voxel numbers. A neuron is long and thin: its runs take a few megabytes where
/// its volume takes hundreds.
/// </summary>
public sealed class Mask
{
    readonly int[] _starts;
    readonly int[] _ends;

    Mask(int[] starts, int[] ends)
    {
        (_starts, _ends) = (starts, ends);
        for (var run = 0; run < starts.Length; run++) Count += ends[run] - starts[run];
    }

    public static Mask Empty { get; } = new([], []);

    /// <summary>Number of voxels.</summary>
    public int Count { get; }

    public int Runs => _starts.Length;

    /// <summary>First voxel of a run, and the voxel after its last one.</summary>
    public (int Start, int End) Run(int index) => (_starts[index], _ends[index]);

    public bool Contains(int voxel)
    {
        var run = Array.BinarySearch(_starts, voxel);
        if (run >= 0) return true;
        run = ~run - 1;
        return run >= 0 && voxel < _ends[run];
    }

    /// <summary>How many of the voxels lie in this mask.</summary>
    public int CountOf(ReadOnlySpan<int> voxels)
    {
        var count = 0;
        foreach (var voxel in voxels)
            if (Contains(voxel)) count++;
        return count;
    }

    /// <summary>The voxels that do not lie in this mask, in the given order.</summary>
    public int[] Outside(ReadOnlySpan<int> voxels)
    {
        var outside = new List<int>(voxels.Length);
        foreach (var voxel in voxels)
            if (!Contains(voxel)) outside.Add(voxel);
        return [.. outside];
    }

    public Mask Union(Mask other) => Combine(this, other, (here, there) => here || there);

    public Mask Intersect(Mask other) => Combine(this, other, (here, there) => here && there);

    public Mask Except(Mask other) => Combine(this, other, (here, there) => here && !there);

    /// <summary>The voxels that lie in more than one of the masks.</summary>
    public static Mask Overlap(IEnumerable<Mask> masks)
    {
        var (any, several) = (Empty, Empty);
        foreach (var mask in masks)
        {
            several = several.Union(any.Intersect(mask));
            any = any.Union(mask);
        }
        return several;
    }

    /// <summary>The mask moved by whole voxels; what leaves the volume is lost.</summary>
    public Mask Shift(VolumeShape shape, int z, int y, int x)
    {
        var moved = Voxels().Select(shape.Position)
            .Select(at => (Z: at.Z + z, Y: at.Y + y, X: at.X + x))
            .Where(at => at.Z >= 0 && at.Z < shape.Depth && at.Y >= 0 && at.Y < shape.Height && at.X >= 0 && at.X < shape.Width);
        return Of(moved.Select(at => shape.Number(at.Z, at.Y, at.X)));
    }

    public IEnumerable<int> Voxels()
    {
        for (var run = 0; run < _starts.Length; run++)
            for (var voxel = _starts[run]; voxel < _ends[run]; voxel++)
                yield return voxel;
    }

    /// <summary>The mask of ascending voxel numbers.</summary>
    public static Mask Of(IEnumerable<int> ascending)
    {
        var builder = new Builder();
        foreach (var voxel in ascending) builder.Add(voxel, 1);
        return builder.Build();
    }

    // One sweep over the borders of both: between two borders membership does not change.
    static Mask Combine(Mask first, Mask second, Func<bool, bool, bool> keep)
    {
        var builder = new Builder();
        var (a, b, at) = (0, 0, 0);
        while (a < 2 * first.Runs || b < 2 * second.Runs)
        {
            var (nextA, nextB) = (first.Border(a), second.Border(b));
            var next = Math.Min(nextA, nextB);
            if (next > at && keep((a & 1) == 1, (b & 1) == 1)) builder.Add(at, next - at);
            if (nextA == next) a++;
            if (nextB == next) b++;
            at = next;
        }
        return builder.Build();
    }

    // Even borders enter a run, odd ones leave it.
    int Border(int index) => index >= 2 * _starts.Length ? int.MaxValue : (index & 1) == 0 ? _starts[index >> 1] : _ends[index >> 1];

    /// <summary>Collects runs in ascending order.</summary>
    public sealed class Builder
    {
        readonly List<int> _starts = [];
        readonly List<int> _ends = [];

        /// <exception cref="ArgumentException">The run begins before the end of the last one.</exception>
        public void Add(int start, int length)
        {
            var last = _ends.Count - 1;
            if (last >= 0 && start < _ends[last])
                throw new ArgumentException($"A run at {start} follows one that ends at {_ends[last]}: runs must ascend.", nameof(start));
            if (last >= 0 && start == _ends[last]) _ends[last] += length;
            else
            {
                _starts.Add(start);
                _ends.Add(start + length);
            }
        }

        public Mask Build() => _starts.Count == 0 ? Empty : new([.. _starts], [.. _ends]);
    }
}
