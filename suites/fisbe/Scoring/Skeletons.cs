using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Scoring;

/// <summary>The centrelines of all instances, ascending voxel numbers; instance i lies at i − 1.</summary>
/// <param name="TruthAlone">Centrelines of the neurons without the voxels that neurons share; null where no voxel is shared on either
/// side.</param>
sealed record Skeletons(IReadOnlyList<int[]> Truth, IReadOnlyList<int[]> Prediction, IReadOnlyList<int[]>? TruthAlone)
{
    /// <param name="advanced">Takes the share of the work done so far; called from any thread.</param>
    public static Skeletons Of(InstanceSet truth, InstanceSet prediction, int threads, Action<double>? advanced,
        CancellationToken cancellation)
    {
        Mask[] masks = [.. truth.Instances.Concat(prediction.Instances).Select(instance => instance.Mask)];
        var alone = truth.Instances.Select(instance => instance.Mask.Except(truth.Overlap)).ToArray();
        // A neuron that shares no voxel is itself without them.
        var changed = Enumerable.Range(0, truth.Count).Where(index => alone[index].Count != masks[index].Count).ToList();
        var found = Thin([.. masks, .. changed.Select(index => alone[index])], truth.Shape, threads, advanced, cancellation);
        var ofTruth = found[..truth.Count];
        int[][]? ofAlone = null;
        if (truth.Overlap.Count > 0 || prediction.Overlap.Count > 0)
        {
            ofAlone = [.. ofTruth];
            for (var index = 0; index < changed.Count; index++) ofAlone[changed[index]] = found[masks.Length + index];
        }
        return new(ofTruth, found[truth.Count..masks.Length], ofAlone);
    }

    static int[][] Thin(Mask[] masks, VolumeShape shape, int threads, Action<double>? advanced, CancellationToken cancellation)
    {
        var skeletons = new int[masks.Length][];
        var (total, done) = (Math.Max(1, masks.Sum(mask => (long)mask.Count)), 0L);
        // The largest first, so that none is left over for one thread at the end.
        var order = Enumerable.Range(0, masks.Length).OrderByDescending(index => masks[index].Count).ToArray();
        Parallel.ForEach(order, new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, index =>
        {
            skeletons[index] = Thinning.Skeleton(masks[index], shape);
            advanced?.Invoke((double)Interlocked.Add(ref done, masks[index].Count) / total);
        });
        return skeletons;
    }
}
