using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Scoring;

/// <summary>
/// Scores a predicted instance segmentation as the official evaluator of FISBe does with its preset <c>flylight</c> (Mais, Hirsch et al.,
/// CVPR 2024; Kainmueller-Lab/evaluate-instance-segmentation).
/// </summary>
public static class VolumeScorer
{
    const double MatchThreshold = 0.5;

    /// <param name="advanced">Takes the share of the work done so far; called from any thread.</param>
    public static VolumeScores Score(ScoringInput input, ScoringRules rules, int threads, Action<double>? advanced = null,
        CancellationToken cancellation = default)
    {
        var (truth, prediction) = (input.GroundTruth, input.Prediction);
        var skeletons = Skeletons.Of(truth, prediction, threads, advanced, cancellation);
        var localisation = Localisation.Of(skeletons, truth, prediction);
        var matches = OneToOne.Match(localisation.ClDice, MatchThreshold);
        var merges = ManyToMany.Match(localisation.Recall, rules.MergeThreshold, skeletons, truth, prediction);
        var splits = ManyToMany.Match(localisation.Recall, rules.SplitThreshold, skeletons, truth, prediction);
        return new(truth, prediction,
            [.. ScoringRules.Thresholds.Select(threshold => AtThreshold(localisation, threshold, rules.Partly))], matches,
            Coverage.Of(localisation.Precision, localisation.Recall, skeletons.Truth, truth, prediction), merges, splits,
            // Without predictions the evaluator has no coverage of dim neurons; for others it has none to compare with.
            prediction.Count == 0 ? new(input.Dim, 0, new([], 0)) : Subset(input.Dim, localisation, skeletons, truth, prediction),
            Subset(Overlapping(truth), localisation, skeletons, truth, prediction),
            InstanceTable.Of(truth, prediction, skeletons, localisation, matches, merges, splits));
    }

    static ThresholdScores AtThreshold(Localisation localisation, double threshold, bool partly)
    {
        var (truths, predictions) = (localisation.ClDice.GetLength(0) - 1, localisation.ClDice.GetLength(1) - 1);
        var matches = OneToOne.Match(localisation.ClDice, threshold);
        var matched = matches.Select(match => match.Prediction).ToHashSet();
        var splits = Enumerable.Range(1, predictions)
            .Count(column => !matched.Contains(column) && Localisation.LargestRow(localisation.Precision, column) > 0);
        // Where only some neurons are labelled, a prediction outside of them may well be a neuron.
        var falsePositives = partly ? splits : predictions - matches.Count;
        return new(threshold, matches.Count, falsePositives, truths - matches.Count, splits, Merges(localisation, threshold));
    }

    static int Merges(Localisation localisation, double threshold)
    {
        bool Covers(float[,]? recall, int truth, int prediction) => recall is null || recall[truth, prediction] > (float)threshold;
        return Enumerable.Range(1, localisation.Recall.GetLength(1) - 1).Sum(prediction => Math.Max(0,
            Enumerable.Range(1, localisation.Recall.GetLength(0) - 1).Count(truth =>
                Covers(localisation.Recall, truth, prediction) && Covers(localisation.RecallAlone, truth, prediction)) - 1));
    }

    static int[] Overlapping(InstanceSet truth) =>
        [.. truth.Instances.Where(instance => instance.Mask.Intersect(truth.Overlap).Count > 0).Select(instance => instance.Id)];

    static SubsetScores Subset(IReadOnlyList<int> ids, Localisation localisation, Skeletons skeletons, InstanceSet truth,
        InstanceSet prediction)
    {
        if (ids.Count == 0) return new(ids, 0, new([], 0));
        var subset = truth.Subset(ids);
        var coverage = Coverage.Of(Localisation.PrecisionAgainst(subset, skeletons.Prediction), Localisation.Rows(localisation.Recall, ids),
            [.. ids.Select(id => skeletons.Truth[id - 1])], subset, prediction);
        return new(ids, OneToOne.Match(Localisation.Rows(localisation.ClDice, ids), MatchThreshold).Count, coverage);
    }
}
