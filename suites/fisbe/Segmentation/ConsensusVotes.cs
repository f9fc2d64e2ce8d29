using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Segmentation;

/// <summary>Mean votes on pairs of foreground voxels at most <c>reach</c> apart along each axis.</summary>
sealed class ConsensusVotes
{
    readonly VolumeShape _shape;
    readonly int[] _voxels;
    readonly int _reach, _side, _half;
    readonly float[] _sums;
    readonly ushort[] _counts;

    /// <param name="voxels">Ascending; pairs are named by places in it.</param>
    /// <exception cref="UnsupportedException">So many voxels that their votes do not fit into memory.</exception>
    public ConsensusVotes(VolumeShape shape, int[] voxels, int reach)
    {
        (_shape, _voxels, _reach, _side) = (shape, voxels, reach, 2 * reach + 1);
        // Of two opposite offsets the later one in raster order is kept.
        _half = (_side * _side * _side - 1) / 2;
        var pairs = (long)voxels.Length * _half;
        if (pairs > Array.MaxLength / sizeof(float))
            throw new UnsupportedException($"{voxels.Length} foreground voxels have {pairs} pairs to vote on; at most "
                + $"{Array.MaxLength / sizeof(float)} fit into memory. Use smaller volumes or smaller patches.");
        (_sums, _counts) = (new float[pairs], new ushort[pairs]);
    }

    /// <summary>0 where nobody voted.</summary>
    public float this[int one, int other]
    {
        get
        {
            var pair = Pair(one, other);
            return _counts[pair] == 0 ? 0 : _sums[pair] / _counts[pair];
        }
    }

    public void Add(int one, int other, float vote)
    {
        var pair = Pair(one, other);
        _sums[pair] += vote;
        _counts[pair]++;
    }

    /// <summary>Whether anybody voted on the pair.</summary>
    public bool Knows(int one, int other)
    {
        var (dz, dy, dx) = Difference(one, other);
        return Math.Abs(dz) <= _reach && Math.Abs(dy) <= _reach && Math.Abs(dx) <= _reach && _counts[Pair(one, other)] > 0;
    }

    long Pair(int one, int other)
    {
        if (one > other) (one, other) = (other, one);
        var (dz, dy, dx) = Difference(one, other);
        return (long)one * _half + ((dz + _reach) * _side + dy + _reach) * _side + dx + _reach - _half - 1;
    }

    (int Z, int Y, int X) Difference(int one, int other)
    {
        var ((z0, y0, x0), (z1, y1, x1)) = (_shape.Position(_voxels[one]), _shape.Position(_voxels[other]));
        return (z1 - z0, y1 - y0, x1 - x0);
    }
}
