namespace Suites.Fisbe.Scoring;

/// <summary>Pooled counts at one threshold.</summary>
public sealed record PooledCounts(double Threshold, int TruePositives, int FalsePositives, int FalseNegatives)
{
    public double F1 => 2 * TruePositives + FalsePositives + FalseNegatives is var all and > 0 ? 2.0 * TruePositives / all : 0;
}

/// <summary>Scores of a part of the neurons over all volumes of a set.</summary>
public sealed record PooledSubset(int Count, int TruePositives, float Coverage)
{
    public double TruePositiveShare => Count == 0 ? 0 : TruePositives / (double)Count;

    internal static PooledSubset Of(IEnumerable<SubsetScores> volumes)
    {
        var list = volumes.ToList();
        return new(list.Sum(subset => subset.Ids.Count), list.Sum(subset => subset.TruePositives),
            NumpyMean.Of([.. list.SelectMany(subset => subset.Coverage.Shares).Select(share => (float)share)]));
    }
}

/// <summary>
/// Scores of a set of volumes, pooled over its neurons: counts are added before F1 is taken, coverage is the mean over all neurons.
/// Completely
/// and partly labelled volumes are pooled apart and <see cref="Combine"/>d.
/// </summary>
/// <param name="F1">At 0.1 to 0.9.</param>
/// <param name="Coverages">Of every neuron.</param>
/// <param name="ClDices">Of every match at clDice 0.5.</param>
/// <param name="Counts">At 0.1 to 0.9; empty for combined sets.</param>
/// <param name="Dim">Null for combined sets, which the evaluator does not give it for.</param>
/// <param name="Overlap">As <paramref name="Dim"/>.</param>
public sealed record SetScores(int Truths, int Predictions, double S, double AverageF1, float Coverage, IReadOnlyList<double> F1,
    IReadOnlyList<float> Coverages, IReadOnlyList<float> ClDices, int TruePositives, int FalsePositives, int FalseNegatives,
        int FalseMerges,
    int FalseSplits, IReadOnlyList<PooledCounts> Counts, PooledSubset? Dim, PooledSubset? Overlap)
{
    const int CurveThresholds = 9;
    const int MatchThreshold = 4;

    public double TruePositiveShare => Truths == 0 ? 0 : TruePositives / (double)Truths;
    public float ClDiceOfMatches => NumpyMean.Of(ClDices);

    public static SetScores Of(IReadOnlyList<VolumeScores> volumes)
    {
        var counts = Enumerable.Range(0, CurveThresholds).Select(index => new PooledCounts(ScoringRules.Thresholds[index],
            volumes.Sum(volume => volume.Thresholds[index].TruePositives), volumes.Sum(volume => volume.Thresholds[index].FalsePositives),
            volumes.Sum(volume => volume.Thresholds[index].FalseNegatives))).ToArray();
        float[] coverages = [.. volumes.SelectMany(volume => volume.Coverage.Shares).Select(share => (float)share)];
        double[] f1 = [.. counts.Select(count => count.F1)];
        var (averageF1, coverage, half) = (NumpyMean.Of(f1), NumpyMean.Of(coverages), counts[MatchThreshold]);
        return new(volumes.Sum(volume => volume.GroundTruth.Count), volumes.Sum(volume => volume.Prediction.Count),
            0.5 * averageF1 + 0.5 * coverage, averageF1, coverage, f1, coverages,
            [.. volumes.SelectMany(volume => volume.Matches).Select(match => (float)match.Value)],
            half.TruePositives, half.FalsePositives, half.FalseNegatives,
            volumes.Sum(volume => volume.FalseMerges), volumes.Sum(volume => volume.FalseSplits), counts,
            PooledSubset.Of(volumes.Select(volume => volume.Dim)), PooledSubset.Of(volumes.Select(volume => volume.Overlap)));
    }

    /// <summary>The mean of both sets in S, avF1, C and F1; sums of counts; all matches for clDice.</summary>
    public static SetScores Combine(SetScores complete, SetScores partly) =>
        new(complete.Truths + partly.Truths, complete.Predictions + partly.Predictions, (complete.S + partly.S) / 2,
            (complete.AverageF1 + partly.AverageF1) / 2, (complete.Coverage + partly.Coverage) / 2,
            [.. complete.F1.Zip(partly.F1, (one, other) => (one + other) / 2)],
            [.. complete.Coverages, .. partly.Coverages], [.. complete.ClDices, .. partly.ClDices],
            complete.TruePositives + partly.TruePositives, complete.FalsePositives + partly.FalsePositives,
            complete.FalseNegatives + partly.FalseNegatives, complete.FalseMerges + partly.FalseMerges,
            complete.FalseSplits + partly.FalseSplits, [], null, null);
}

/// <summary>One sample with its scores.</summary>
public sealed record ScoredSample(string Name, bool Partly, VolumeScores Scores);

/// <summary>The sets of one run of a method. Both parts are null where all samples are labelled alike.</summary>
public sealed record RunScores(IReadOnlyList<ScoredSample> Samples, SetScores? Complete, SetScores? Partly, SetScores Combined)
{
    public static RunScores Of(IReadOnlyList<ScoredSample> samples)
    {
        if (samples.Select(sample => sample.Partly).Distinct().Count() < 2)
            return new(samples, null, null, SetScores.Of([.. samples.Select(sample => sample.Scores)]));
        var complete = SetScores.Of([.. samples.Where(sample => !sample.Partly).Select(sample => sample.Scores)]);
        var partly = SetScores.Of([.. samples.Where(sample => sample.Partly).Select(sample => sample.Scores)]);
        return new(samples, complete, partly, SetScores.Combine(complete, partly));
    }
}
