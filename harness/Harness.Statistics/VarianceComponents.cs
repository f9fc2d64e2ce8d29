namespace Harness.Statistics;

/// <summary>
/// Where the spread of a score comes from when every seed answers the same samples: a two-way random-effects analysis of variance
/// without replication. Seed variance and sample variance are different questions and are never added into one error bar.
/// </summary>
/// <param name="Seed">Variance of the score of a retrained model, above the noise within it; negative estimates are 0.</param>
/// <param name="Sample">Variance between samples, which a larger test set averages away.</param>
/// <param name="Residual">Variance of what seeds do differently on the same sample.</param>
/// <param name="SeedError">Standard error of the mean score over new seeds on these samples.</param>
/// <param name="SampleError">Standard error of the mean score over new samples with these seeds.</param>
public sealed record VarianceComponents(double Mean, double Seed, double Sample, double Residual, double SeedError, double SampleError)
{
    /// <param name="scores">Per seed, the score of every sample in the same order, e.g. 1 for correct and 0 for wrong.</param>
    public static VarianceComponents Of(IReadOnlyList<double[]> scores)
    {
        Ensure.AtLeast(2, scores.Count, "A seed variance");
        var (seeds, samples) = (scores.Count, scores[0].Length);
        Ensure.AtLeast(2, samples, "A sample variance");
        foreach (var row in scores) { Ensure.SameLength(samples, row.Length); Ensure.Finite(row); }
        var seedMeans = scores.Select(row => Moments.MeanOf(row)).ToArray();
        var sampleMeans = Enumerable.Range(0, samples).Select(sample => scores.Average(row => row[sample])).ToArray();
        var mean = Moments.MeanOf(seedMeans);
        var seedSquare = samples * seedMeans.Sum(value => Square(value - mean)) / (seeds - 1);
        var sampleSquare = seeds * sampleMeans.Sum(value => Square(value - mean)) / (samples - 1);
        var rest = 0.0;
        for (var seed = 0; seed < seeds; seed++)
            for (var sample = 0; sample < samples; sample++)
                rest += Square(scores[seed][sample] - seedMeans[seed] - sampleMeans[sample] + mean);
        var residual = rest / ((seeds - 1.0) * (samples - 1.0));
        double cells = (double)seeds * samples;
        return new(mean, Math.Max(0, (seedSquare - residual) / samples), Math.Max(0, (sampleSquare - residual) / seeds), residual,
            Math.Sqrt(seedSquare / cells), Math.Sqrt(sampleSquare / cells));
    }

    static double Square(double value) => value * value;
}
