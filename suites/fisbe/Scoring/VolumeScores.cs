using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Scoring;

/// <summary>Counts of one-to-one matching at one clDice threshold.</summary>
/// <param name="FalseSplits">Unmatched predictions that lie in a neuron more than in background.</param>
/// <param name="FalseMerges">Σ over predictions of the neurons they recall above the threshold, in and outside of overlaps, beyond the
/// first.</param>
public sealed record ThresholdScores(double Threshold, int TruePositives, int FalsePositives, int FalseNegatives, int FalseSplits,
    int FalseMerges)
{
    public double Precision => TruePositives / (double)Math.Max(1, TruePositives + FalsePositives);
    public double Recall => TruePositives / (double)Math.Max(1, TruePositives + FalseNegatives);
    /// <summary>Precision times recall: the evaluator's stand-in for average precision.</summary>
    public double AveragePrecision => Precision * Recall;
    public double F1 => Precision + Recall > 0 ? 2.0 * Precision * Recall / (Precision + Recall) : 0;
}

/// <summary>Scores of a part of the neurons: the dim ones, or those that share voxels.</summary>
public sealed record SubsetScores(IReadOnlyList<int> Ids, int TruePositives, Coverage Coverage)
{
    public double TruePositiveShare => Ids.Count == 0 ? 0 : TruePositives / (double)Ids.Count;
}

/// <summary>Every number the official evaluator gives for one volume, and the matches behind them.</summary>
/// <param name="Thresholds">In the order of <see cref="ScoringRules.Thresholds"/>.</param>
/// <param name="Matches">One-to-one matches at clDice 0.5, best first; the value is clDice.</param>
/// <param name="MergeMatches">Many-to-many matches behind <see cref="FalseMerges"/>.</param>
/// <param name="SplitMatches">Many-to-many matches behind <see cref="FalseSplits"/>.</param>
public sealed record VolumeScores(InstanceSet GroundTruth, InstanceSet Prediction, IReadOnlyList<ThresholdScores> Thresholds,
    IReadOnlyList<Match> Matches, Coverage Coverage, IReadOnlyList<Match> MergeMatches, IReadOnlyList<Match> SplitMatches,
    SubsetScores Dim, SubsetScores Overlap, IReadOnlyList<InstanceScores> Instances)
{
    public double AverageF1 => NumpyMean.Of([.. Thresholds.Take(9).Select(scores => scores.F1)]);
    /// <summary>Mean F1 over 0.5 to 0.95 in steps of 0.05.</summary>
    public double AverageF1From05 => NumpyMean.Of([.. Thresholds.Skip(4).Select(scores => scores.F1)]);
    public double AveragePrecision => NumpyMean.Of([.. Thresholds.Take(9).Select(scores => scores.AveragePrecision)]);
    /// <inheritdoc cref="AverageF1From05"/>
    public double AveragePrecisionFrom05 => NumpyMean.Of([.. Thresholds.Skip(4).Select(scores => scores.AveragePrecision)]);

    /// <summary>The leaderboard's S: half avF1, half coverage.</summary>
    public double S => 0.5 * AverageF1 + 0.5 * Coverage.Mean;

    /// <summary>The leaderboard's clDice_TP: mean clDice of the matches at 0.5, 0 without any.</summary>
    public double ClDiceOfMatches => NumpyMean.Of([.. Matches.Select(match => (float)match.Value)]);
    /// <summary>The leaderboard's tp.</summary>
    public double TruePositiveShare => Matches.Count / (double)GroundTruth.Count;
    public int FalseMerges => ManyToMany.FalseMerges(MergeMatches);
    public int FalseSplits => ManyToMany.FalseSplits(SplitMatches);
}

/// <summary>One line of the per-instance table.</summary>
/// <param name="Side">truth or prediction.</param>
/// <param name="Other">The instance of the other side with the largest clDice; 0 when none touches it.</param>
/// <param name="Overlapped">Share of the skeleton inside any instance of the other side.</param>
/// <param name="Matched">Partner at clDice 0.5; 0 for none.</param>
/// <param name="Pieces">Partners of the many-to-many matching: predictions of a neuron, neurons of a prediction.</param>
public sealed record InstanceScores(string Side, int Id, int Channel, int Label, int Voxels, int SkeletonVoxels, int Other, double ClDice,
    double Overlapped, int Matched, IReadOnlyList<int> Pieces);
