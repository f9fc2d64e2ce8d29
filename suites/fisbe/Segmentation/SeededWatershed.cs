using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Segmentation;

/// <summary>Watershed by flooding from seeds (Meyer 1991): the highest voxel beside a labelled one takes its label next.</summary>
static class SeededWatershed
{
    /// <summary>Labels from 1 inside, 0 outside; seeds are the strongest peaks of each component that lie at least
    /// <paramref name="apart"/> voxels apart.</summary>
    public static int[] Label(float[] height, bool[] inside, VolumeShape shape, double apart)
    {
        var labels = new int[height.Length];
        var waiting = new PriorityQueue<int, (float Depth, int Order)>();
        var order = 0;
        foreach (var (seed, index) in Seeds(height, inside, shape, apart).Select((seed, index) => (seed, index)))
        {
            labels[seed] = index + 1;
            waiting.Enqueue(seed, (-height[seed], order++));
        }
        while (waiting.TryDequeue(out var voxel, out _))
            foreach (var offset in Neighbours.All)
            {
                var beside = Neighbours.At(shape, voxel, offset);
                if (beside < 0 || labels[beside] != 0 || !inside[beside]) continue;
                labels[beside] = labels[voxel];
                waiting.Enqueue(beside, (-height[beside], order++));
            }
        return labels;
    }

    static List<int> Seeds(float[] height, bool[] inside, VolumeShape shape, double apart)
    {
        bool IsPeak(int voxel) => Neighbours.All.Select(offset => Neighbours.At(shape, voxel, offset))
            .All(beside => beside < 0 || height[beside] < height[voxel] || (height[beside] == height[voxel] && beside > voxel));
        var seeds = new List<int>();
        foreach (var component in Components.Of(shape, voxel => inside[voxel]))
        {
            var chosen = new List<int>();
            foreach (var peak in component.Voxels().Where(IsPeak).OrderByDescending(voxel => height[voxel]))
                if (chosen.TrueForAll(seed => Squared(shape.Position(seed), shape.Position(peak)) >= apart * apart)) chosen.Add(peak);
            seeds.AddRange(chosen);
        }
        return seeds;
    }

    static double Squared((int Z, int Y, int X) one, (int Z, int Y, int X) other) =>
        Math.Pow(one.Z - other.Z, 2) + Math.Pow(one.Y - other.Y, 2) + Math.Pow(one.X - other.X, 2);
}
