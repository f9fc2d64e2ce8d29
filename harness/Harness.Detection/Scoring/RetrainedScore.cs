using Harness.Statistics;

namespace Harness.Detection.Scoring;

/// <summary>
/// Two builds that train models, with several seeds each on the same samples. A build that merely adds up in another order trains
/// another model, and one seed cannot tell that from a loss. What seeds vary and what samples vary are stated apart.
/// </summary>
/// <param name="Effect">Mean score of the head less that of the base.</param>
/// <param name="SeedP">One-sided sign-flip p-value over seeds in the direction of the effect: at least 1/32 with five seeds.</param>
/// <param name="SeedError">Standard error of the effect over new seeds on these samples.</param>
/// <param name="SampleError">Standard error of the effect over new samples with these seeds; null where samples have no scores of their
/// own.</param>
public sealed record RetrainedScore(int Seeds, double Effect, double SeedP, double SeedError, double? SampleError)
{
    /// <summary>Fewer seeds say nothing about training.</summary>
    public const int LeastSeeds = 5;
    const double Alpha = 0.05;

    /// <param name="differences">Per seed, the score of every sample under the head less that under the base, in one order.</param>
    public static RetrainedScore Of(IReadOnlyList<double[]> differences, Chance chance)
    {
        var parts = VarianceComponents.Of(differences);
        return OfTotals([.. differences.Select(samples => samples.Average())], chance) with
        { SeedError = parts.SeedError, SampleError = parts.SampleError };
    }

    /// <summary>For scores that samples do not have one by one.</summary>
    /// <param name="differences">Per seed, the score of the head less that of the base.</param>
    public static RetrainedScore OfTotals(double[] differences, Chance chance)
    {
        var moments = Moments.Of(differences);
        return new(differences.Length, moments.Mean,
            SignFlip.Test(differences, chance, moments.Mean < 0 ? Alternative.Less : Alternative.Greater), moments.StandardError, null);
    }

    /// <summary>Whether the difference is one of the builds and not of the luck of training, and large enough to matter.</summary>
    public bool IsConfirmed(double margin) => Seeds >= LeastSeeds && SeedP <= Alpha && Math.Abs(Effect) >= margin;
}
