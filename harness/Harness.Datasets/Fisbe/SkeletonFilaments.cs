using System.Numerics;
using Harness.Datasets.Formats;

namespace Harness.Datasets.Fisbe;

/// <summary>Filaments from the skeletons of real neurons: turned at random, scaled, and moved so that a part lies in the volume.</summary>
sealed class SkeletonFilaments(IReadOnlyList<SwcNode[]> skeletons, Vector3 extent, Chance chance)
{
    /// <summary>The pieces of one skeleton that touch the volume.</summary>
    /// <param name="through">Where some node of it comes to lie; null is anywhere.</param>
    public List<FilamentPiece> Place(Vector3? through)
    {
        var skeleton = skeletons[chance.Below(skeletons.Count)];
        var turn = Quaternion.Normalize(new((float)chance.Normal(), (float)chance.Normal(), (float)chance.Normal(),
            (float)chance.Normal()));
        var anchor = skeleton[chance.Below(skeleton.Length)];
        var target = through ?? new Vector3((float)chance.Unit(), (float)chance.Unit(), (float)chance.Unit()) * extent;
        var scale = Scale(skeleton);
        var radius = 1 + 0.5f * (float)chance.Unit();
        Vector3 Map(SwcNode node) => Vector3.Transform((Position(node) - Position(anchor)) * scale, turn) + target;
        var pieces = new List<FilamentPiece>();
        foreach (var node in skeleton)
            if (node.Parent >= 0 && Map(node) is var to && Map(skeleton[node.Parent]) is var from
                && (Near(from) || Near(to))) pieces.Add(new(from, to, radius));
        return pieces;
    }

    // A neuron is several times as long as the volume, so that what one sees of it are arms that come and go.
    float Scale(SwcNode[] skeleton)
    {
        var (least, most) = (Position(skeleton[0]), Position(skeleton[0]));
        foreach (var node in skeleton) (least, most) = (Vector3.Min(least, Position(node)), Vector3.Max(most, Position(node)));
        return 6 * extent.X / Math.Max(1, (most - least).Length());
    }

    bool Near(Vector3 at) => at.X >= -1 && at.Y >= -1 && at.Z >= -1 && at.X <= extent.X && at.Y <= extent.Y && at.Z <= extent.Z;

    static Vector3 Position(SwcNode node) => new(node.X, node.Y, node.Z);
}
