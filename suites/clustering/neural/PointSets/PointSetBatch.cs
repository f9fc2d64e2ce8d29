using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.PointSets;

/// <summary>A <see cref="PointGrouping"/> of several sets one after the other; places are rows of the level's tensors.</summary>
/// <param name="Centers">int64 [centres].</param>
/// <param name="Groups">int64 [centres · 16].</param>
/// <param name="Near">int64 [points · 3], rows of the next level.</param>
/// <param name="Shares">float32 [points · 3, 1].</param>
sealed record LevelTensors(Tensor Centers, Tensor Groups, Tensor Near, Tensor Shares);

/// <summary>Several sets as tensors, all rows one after the other; tensors belong to the scope in which it is made.</summary>
/// <param name="Places">float32 [points, 2].</param>
sealed record PointSetBatch(Tensor Places, IReadOnlyList<LevelTensors> Levels)
{
    public static PointSetBatch Of(IReadOnlyList<PointSet> sets)
    {
        float[] places = [.. sets.SelectMany(set => set.Points.Values).Select(value => (float)value)];
        var sizes = sets.Select(set => set.Points.Count).ToArray();
        var levels = new List<LevelTensors>();
        for (var level = 0; level < PointSet.Forms.Count; level++)
        {
            var groupings = sets.Select(set => set.Levels[level]).ToArray();
            var next = groupings.Select(grouping => grouping.Centers.Length).ToArray();
            float[] shares = [.. groupings.SelectMany(grouping => grouping.Shares)];
            levels.Add(new(Rows(groupings.Select(grouping => grouping.Centers), sizes),
                Rows(groupings.Select(grouping => grouping.Groups), sizes), Rows(groupings.Select(grouping => grouping.Near), next),
                OwnTensor.Of(shares, shares.Length, 1)));
            sizes = next;
        }
        return new(OwnTensor.Of(places, places.Length / 2, 2), levels);
    }

    static Tensor Rows(IEnumerable<int[]> places, int[] sizes)
    {
        var (rows, first) = (new List<long>(), 0L);
        foreach (var (own, size) in places.Zip(sizes))
        {
            foreach (var place in own) rows.Add(first + place);
            first += size;
        }
        return tensor(rows.ToArray());
    }
}
