using System.Numerics;
using System.Runtime.InteropServices;

namespace Harness.Datasets.Fisbe;

/// <summary>A straight piece of a neuron, in voxels; x, y, z as in <see cref="Vector3"/>.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct FilamentPiece(Vector3 From, Vector3 To, float Radius);

/// <summary>Grows neurons as branching persistent walks: a direction that turns a little at every step of one voxel.</summary>
/// <param name="extent">Size of the volume; a walk ends where it leaves it.</param>
sealed class FilamentGrower(Vector3 extent, Chance chance)
{
    const float Turn = 0.18f;
    const double BranchShare = 0.012;
    const int MostArms = 12;

    /// <summary>A neuron that begins anywhere, or passes through a given point in both directions.</summary>
    /// <param name="length">Voxels of all its arms together.</param>
    public List<FilamentPiece> Grow(int length, Vector3? through)
    {
        var pieces = new List<FilamentPiece>();
        var start = through ?? new Vector3((float)chance.Unit(), (float)chance.Unit(), (float)chance.Unit()) * extent;
        var direction = Direction();
        var radius = 1 + 1.5f * (float)chance.Unit();
        var arms = new Queue<(Vector3 Start, Vector3 Direction, float Radius)>([(start, direction, radius), (start, -direction, radius)]);
        for (var grown = 2; arms.TryDequeue(out var arm) && pieces.Count < length;)
            foreach (var branch in Walk(arm.Start, arm.Direction, arm.Radius, length / 2, pieces))
                if (grown++ < MostArms) arms.Enqueue(branch);
        return pieces;
    }

    List<(Vector3, Vector3, float)> Walk(Vector3 at, Vector3 direction, float radius, int steps, List<FilamentPiece> pieces)
    {
        var branches = new List<(Vector3, Vector3, float)>();
        for (var step = 0; step < steps && Inside(at); step++)
        {
            direction = Vector3.Normalize(direction + Turn * Direction());
            var next = at + direction;
            pieces.Add(new(at, next, radius));
            at = next;
            if (chance.Unit() < BranchShare)
                branches.Add((at, Vector3.Normalize(direction + Direction()), Math.Max(1, radius * 0.8f)));
        }
        return branches;
    }

    bool Inside(Vector3 at) => at.X >= 0 && at.Y >= 0 && at.Z >= 0 && at.X < extent.X && at.Y < extent.Y && at.Z < extent.Z;

    Vector3 Direction()
    {
        var direction = new Vector3((float)chance.Normal(), (float)chance.Normal(), (float)chance.Normal());
        return direction.LengthSquared() < 1e-12f ? Vector3.UnitX : Vector3.Normalize(direction);
    }
}
