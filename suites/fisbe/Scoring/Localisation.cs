using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Scoring;

/// <summary>
/// How much of each centreline lies in each mask of the other side. Matrices are [ground truth, prediction]; index 0 is background. Single
/// precision, as in the official evaluator, because thresholds are compared with these very numbers.
/// </summary>
/// <param name="Precision">Share of a prediction's skeleton inside each neuron; row 0: inside none.</param>
/// <param name="Recall">Share of a neuron's skeleton inside each prediction; column 0: inside none.</param>
/// <param name="ClDice">Harmonic mean of both (Shit et al., CVPR 2021); 0 where both are 0.</param>
/// <param name="RecallAlone">Recall of what no two neurons share; null where no voxel is shared on either side.</param>
sealed record Localisation(float[,] Precision, float[,] Recall, float[,] ClDice, float[,]? RecallAlone)
{
    public static Localisation Of(Skeletons skeletons, InstanceSet truth, InstanceSet prediction)
    {
        var precision = PrecisionAgainst(truth, skeletons.Prediction);
        var recall = Shares(skeletons.Truth, prediction);
        return new(precision, recall, Harmonic(precision, recall),
            skeletons.TruthAlone is { } alone ? Shares(alone, prediction) : null);
    }

    /// <summary>The precision matrix against these neurons: background is what none of these covers.</summary>
    public static float[,] PrecisionAgainst(InstanceSet truth, IReadOnlyList<int[]> predictionSkeletons)
    {
        var shares = Shares(predictionSkeletons, truth);
        var transposed = new float[shares.GetLength(1), shares.GetLength(0)];
        for (var row = 0; row < transposed.GetLength(0); row++)
            for (var column = 0; column < transposed.GetLength(1); column++)
                transposed[row, column] = shares[column, row];
        return transposed;
    }

    /// <summary>The rows of the given neurons, background first.</summary>
    public static float[,] Rows(float[,] matrix, IReadOnlyList<int> ids)
    {
        var rows = new float[ids.Count + 1, matrix.GetLength(1)];
        for (var row = 0; row <= ids.Count; row++)
            for (var column = 0; column < matrix.GetLength(1); column++)
                rows[row, column] = matrix[row == 0 ? 0 : ids[row - 1], column];
        return rows;
    }

    /// <summary>The row of a column's largest value; of equal ones the first, so that background wins a tie.</summary>
    public static int LargestRow(float[,] matrix, int column)
    {
        var best = 0;
        for (var row = 1; row < matrix.GetLength(0); row++)
            if (matrix[row, column] > matrix[best, column]) best = row;
        return best;
    }

    static float[,] Shares(IReadOnlyList<int[]> skeletons, InstanceSet others)
    {
        var shares = new float[skeletons.Count + 1, others.Count + 1];
        for (var row = 0; row < skeletons.Count; row++)
        {
            var skeleton = skeletons[row];
            if (skeleton.Length == 0) continue;
            var covered = new bool[skeleton.Length];
            foreach (var other in others.Instances)
            {
                var inside = 0;
                for (var voxel = 0; voxel < skeleton.Length; voxel++)
                    if (other.Mask.Contains(skeleton[voxel])) (covered[voxel], inside) = (true, inside + 1);
                shares[row + 1, other.Id] = (float)((double)inside / skeleton.Length);
            }
            shares[row + 1, 0] = (float)((double)covered.Count(voxel => !voxel) / skeleton.Length);
        }
        return shares;
    }

    static float[,] Harmonic(float[,] precision, float[,] recall)
    {
        var mean = new float[precision.GetLength(0), precision.GetLength(1)];
        for (var row = 0; row < mean.GetLength(0); row++)
            for (var column = 0; column < mean.GetLength(1); column++)
            {
                var (p, r) = (precision[row, column], recall[row, column]);
                mean[row, column] = p + r > 0 ? 2 * p * r / (p + r) : 0;
            }
        return mean;
    }
}
