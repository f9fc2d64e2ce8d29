using System.Numerics;

namespace Suites.Fisbe.Scoring;

/// <summary>
/// What thinning asks of the 27 voxels around a voxel, given as bits 9·dz + 3·dy + dx with offsets 0..2 and the voxel itself at 13.
/// </summary>
static class Neighbourhood
{
    const int Centre = 1 << 13;
    const int LowX = 0b001_001_001_001_001_001_001_001_001;
    const int HighX = LowX << 2;
    const int LowY = 0b000_000_111_000_000_111_000_000_111;
    const int HighY = LowY << 6;
    const int All = (1 << 27) - 1;

    static readonly sbyte[] EulerOfHalf = EulerTable();

    /// <summary>No end point, Euler invariant (condition 1 of the paper) and simple (conditions 2 and 3).</summary>
    public static bool IsDeletable(int cube) =>
        BitOperations.PopCount((uint)(cube & ~Centre)) != 1 && KeepsEulerCharacteristic(cube) && IsSimple(cube);

    /// <summary>True when the neighbours are one component, or none, without the voxel itself.</summary>
    public static bool IsSimple(int cube)
    {
        var neighbours = cube & ~Centre;
        var reached = neighbours & -neighbours;
        for (var before = 0; reached != before;)
        {
            before = reached;
            reached = Dilate(reached) & neighbours;
        }
        return reached == neighbours;
    }

    // Two of the 26 neighbours touch exactly when one lies in the other's 3×3×3 dilation.
    static int Dilate(int cube)
    {
        cube |= (cube & ~HighX) << 1 | (cube & ~LowX) >> 1;
        cube |= (cube & ~HighY) << 3 | (cube & ~LowY) >> 3;
        return (cube | cube << 9 | cube >> 9) & All;
    }

    static bool KeepsEulerCharacteristic(int cube)
    {
        var middle = cube >> 9 & 0x1FF;
        var around = middle & 0xF | middle >> 1 & 0xF0;
        return EulerOfHalf[(cube & 0x1FF) << 8 | around] + EulerOfHalf[cube >> 18 << 8 | around] == 0;
    }

    // Index: nine voxels of an outer plane, then the eight around the centre in its own plane. Both halves are mirror images.
    static sbyte[] EulerTable()
    {
        var table = new sbyte[1 << 17];
        for (var index = 0; index < table.Length; index++)
        {
            var (outer, around) = (index >> 8, index & 0xFF);
            var middle = around & 0xF | (around & 0xF0) << 1 | 1 << 4;
            foreach (var (y, x) in new[] { (0, 0), (0, 1), (1, 0), (1, 1) })
            {
                var octant = Square(middle, y, x) | Square(outer, y, x) << 4;
                table[index] += (sbyte)(EulerOfOctant(octant) - EulerOfOctant(octant & ~(1 << (3 - 2 * y - x))));
            }
        }
        return table;
    }

    // Four voxels of a 3×3 plane that share a corner; bit 2·y + x.
    static int Square(int plane, int y, int x)
    {
        int Bit(int dy, int dx) => plane >> (3 * (y + dy) + x + dx) & 1;
        return Bit(0, 0) | Bit(0, 1) << 1 | Bit(1, 0) << 2 | Bit(1, 1) << 3;
    }

    /// <summary>
    /// Eight times what the vertex shared by eight voxels adds to the Euler characteristic of their closed cubes: the vertex itself, half
    /// of
    /// six edges, a quarter of twelve faces, an eighth of eight cubes. Differences give column δG₂₆ of the paper's table 2.
    /// </summary>
    static int EulerOfOctant(int octant)
    {
        if (octant == 0) return 0;
        var (edges, faces) = (0, 0);
        foreach (var half in new[] { 0x55, 0x33, 0x0F })
            foreach (var side in new[] { half, ~half & 0xFF })
                edges += (octant & side) != 0 ? 1 : 0;
        foreach (var (first, second) in new[] { (0x55, 0x33), (0x55, 0x0F), (0x33, 0x0F) })
            foreach (var one in new[] { first, ~first & 0xFF })
                foreach (var other in new[] { second, ~second & 0xFF })
                    faces += (octant & one & other) != 0 ? 1 : 0;
        return 8 - 4 * edges + 2 * faces - BitOperations.PopCount((uint)octant);
    }
}
