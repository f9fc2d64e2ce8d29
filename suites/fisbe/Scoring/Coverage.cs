using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Scoring;

/// <summary>Share of each neuron's centreline that the predictions assigned to it cover.</summary>
/// <param name="Shares">By neuron; 0 for a neuron without a prediction.</param>
/// <param name="Mean">The leaderboard's C.</param>
public sealed record Coverage(IReadOnlyList<double> Shares, double Mean)
{
    /// <summary>
    /// Every prediction belongs to the neuron that holds most of its centreline, or to background and so to none. Where both sides overlap
    /// the
    /// union of a neuron's predictions counts; else its recalls are added.
    /// </summary>
    internal static Coverage Of(float[,] precision, float[,] recall, IReadOnlyList<int[]> truthSkeletons, InstanceSet truth,
        InstanceSet prediction)
    {
        var owner = Enumerable.Range(0, prediction.Count + 1).Select(column => Localisation.LargestRow(precision, column)).ToArray();
        if (truth.Overlap.Count > 0 && prediction.Overlap.Count > 0)
        {
            double[] shares = [.. truthSkeletons.Select((skeleton, index) => Union(skeleton,
                [.. prediction.Instances.Where(instance => owner[instance.Id] == index + 1).Select(instance => instance.Mask)]))];
            return new(shares, NumpyMean.Of(shares));
        }
        float[] sums = [.. Enumerable.Range(1, truthSkeletons.Count).Select(row => NumpyMean.Sum<float>(
            [.. Enumerable.Range(1, prediction.Count).Where(column => owner[column] == row).Select(column => recall[row, column])]))];
        return new([.. sums.Select(sum => (double)sum)], NumpyMean.Of(sums));
    }

    static double Union(int[] skeleton, Mask[] masks) => skeleton.Length == 0 ? 0
        : (double)skeleton.Count(voxel => Array.Exists(masks, mask => mask.Contains(voxel))) / skeleton.Length;
}
