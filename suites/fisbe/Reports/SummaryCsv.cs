using Suites.Fisbe.Scoring;

namespace Suites.Fisbe.Reports;

/// <summary>
/// The summary of a run as the CSV file that the official evaluator writes: a line for each sample, their mean and sum, and the scores
/// pooled
/// over neurons, which are the leaderboard's.
/// </summary>
public static class SummaryCsv
{
    sealed record Column(string Name, Func<VolumeScores, double> Sample, Func<SetScores, string> Pooled);

    static readonly Column[] Columns =
    [
        new("general Num GT", sample => sample.GroundTruth.Count, set => $"{set.Truths}"),
        new("general Num Pred", sample => sample.Prediction.Count, set => $"{set.Predictions}"),
        new("general avg_f1_cov_score", sample => sample.S, set => PythonNumber.Of(set.S)),
        new("confusion_matrix avFscore", sample => sample.AverageF1, set => PythonNumber.Of(set.AverageF1)),
        new("general avg_gt_skel_coverage", sample => sample.Coverage.Mean, set => PythonNumber.Of(set.Coverage)),
        new("th_0_5 AP_TP", sample => sample.Thresholds[4].TruePositives, set => $"{set.TruePositives}"),
        new("th_0_5 AP_FP", sample => sample.Thresholds[4].FalsePositives, set => $"{set.FalsePositives}"),
        new("th_0_5 AP_FN", sample => sample.Thresholds[4].FalseNegatives, set => $"{set.FalseNegatives}"),
        new("general FM", sample => sample.FalseMerges, set => $"{set.FalseMerges}"),
        new("general FS", sample => sample.FalseSplits, set => $"{set.FalseSplits}"),
        new("general TP_05", sample => sample.Matches.Count, set => $"{set.TruePositives}"),
        new("general TP_05_rel", sample => sample.TruePositiveShare, set => PythonNumber.Of(set.TruePositiveShare)),
        new("general avg_TP_05_cldice", sample => sample.ClDiceOfMatches, set => PythonNumber.Of(set.ClDiceOfMatches)),
        .. Subset("dim", sample => sample.Dim, set => set.Dim),
        .. Subset("overlap", sample => sample.Overlap, set => set.Overlap),
        .. Enumerable.Range(0, 9).Select(index => new Column($"{SampleToml.Name(ScoringRules.Thresholds[index])} fscore",
            sample => sample.Thresholds[index].F1, set => PythonNumber.Of(set.F1[index]))),
    ];

    /// <param name="pooled">The scores of the last line.</param>
    public static string Write(IEnumerable<ScoredSample> samples, SetScores pooled)
    {
        var list = samples.ToList();
        var values = list.Select(sample => Columns.Select(column => column.Sample(sample.Scores)).ToArray()).ToArray();
        double[] sums = [.. Columns.Select((_, column) => values.Aggregate(0.0, (sum, row) => sum + row[column]))];
        return string.Concat(Row("sample", Columns.Select(column => column.Name)),
            string.Concat(list.Select((sample, row) => Line(sample.Name, values[row]))),
            Line("mean", sums.Select(sum => sum / list.Count)), Line("sum", sums),
            Row("avg_inst", Columns.Select(column => column.Pooled(pooled))));
    }

    // A set without the subset is written as 0.0, as the evaluator does for combined sets.
    static Column[] Subset(string name, Func<VolumeScores, SubsetScores> sample, Func<SetScores, PooledSubset?> pooled) =>
    [
        new($"general GT_{name}", scores => sample(scores).Ids.Count, set => pooled(set) is { } subset ? $"{subset.Count}" : "0.0"),
        new($"general TP_05_{name}", scores => sample(scores).TruePositives, set => pooled(set) is { } subset ? $"{subset.TruePositives}"
            : "0.0"),
        new($"general TP_05_rel_{name}", scores => sample(scores).TruePositiveShare,
            set => PythonNumber.Of(pooled(set)?.TruePositiveShare ?? 0)),
        new($"general avg_gt_cov_{name}", scores => sample(scores).Coverage.Mean, set => PythonNumber.Of(pooled(set)?.Coverage ?? 0)),
    ];

    static string Line(string name, IEnumerable<double> values) => Row(name, values.Select(PythonNumber.Of));

    static string Row(string name, IEnumerable<string> cells) => string.Join(';', cells.Prepend(name)) + "\r\n";
}
