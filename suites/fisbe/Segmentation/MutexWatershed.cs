using System.Runtime.InteropServices;

namespace Suites.Fisbe.Segmentation;

/// <summary>One edge of a signed graph: positive weights attract, negative ones forbid.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct SignedEdge(int One, int Other, float Weight);

/// <summary>
/// Mutex watershed (Wolf et al., ECCV 2018): edges by falling strength; an attractive one joins two clusters unless they exclude each
/// other,
/// a repulsive one makes two clusters exclude each other.
/// </summary>
static class MutexWatershed
{
    /// <summary>A cluster number for each node; the numbers are those of nodes. Of equally strong edges the earlier one comes
    /// first.</summary>
    public static int[] Cluster(int nodes, IEnumerable<SignedEdge> edges)
    {
        var sets = new DisjointSets(nodes);
        var excluded = new HashSet<int>?[nodes];
        foreach (var edge in edges.Where(edge => edge.Weight != 0).OrderByDescending(edge => Math.Abs(edge.Weight)))
        {
            var (one, other) = (sets.Find(edge.One), sets.Find(edge.Other));
            if (one == other || excluded[one]?.Contains(other) == true) continue;
            if (edge.Weight > 0) Join(sets, excluded, one, other);
            else
            {
                (excluded[one] ??= []).Add(other);
                (excluded[other] ??= []).Add(one);
            }
        }
        return [.. Enumerable.Range(0, nodes).Select(sets.Find)];
    }

    static void Join(DisjointSets sets, HashSet<int>?[] excluded, int one, int other)
    {
        var (kept, gone) = sets.Join(one, other);
        if (excluded[gone] is not { } inherited) return;
        foreach (var third in inherited)
        {
            excluded[third]!.Remove(gone);
            excluded[third]!.Add(kept);
            (excluded[kept] ??= []).Add(third);
        }
        excluded[gone] = null;
    }
}
