using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Segmentation;

/// <summary>Connected components.</summary>
static class Components
{
    /// <summary>
    /// Components of voxels that share at least a corner and for which <paramref name="alike"/> holds, each with its voxels, by their first
    /// voxel.
    /// </summary>
    public static IReadOnlyList<Mask> Of(VolumeShape shape, Func<int, bool> inside, Func<int, int, bool>? alike = null)
    {
        var seen = new bool[shape.Voxels];
        var components = new List<Mask>();
        var open = new Stack<int>();
        for (var seed = 0; seed < seen.Length; seed++)
        {
            if (seen[seed] || !inside(seed)) continue;
            var members = new List<int>();
            Visit(seed);
            while (open.TryPop(out var voxel))
            {
                members.Add(voxel);
                foreach (var offset in Neighbours.All)
                    if (Neighbours.At(shape, voxel, offset) is var beside and >= 0 && !seen[beside] && inside(beside)
                        && (alike is null || alike(voxel, beside))) Visit(beside);
            }
            members.Sort();
            components.Add(Mask.Of(members));
        }
        return components;

        void Visit(int voxel)
        {
            seen[voxel] = true;
            open.Push(voxel);
        }
    }

    /// <summary>The masks of the labels above 0, by label.</summary>
    public static IReadOnlyList<Mask> OfLabels(ReadOnlySpan<int> labels)
    {
        var builders = new SortedDictionary<int, Mask.Builder>();
        for (var voxel = 0; voxel < labels.Length; voxel++)
        {
            if (labels[voxel] <= 0) continue;
            if (!builders.TryGetValue(labels[voxel], out var builder)) builders[labels[voxel]] = builder = new();
            builder.Add(voxel, 1);
        }
        return [.. builders.Values.Select(builder => builder.Build())];
    }
}
