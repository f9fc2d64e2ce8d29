using System.Globalization;
using System.Text;
using Suites.Fisbe.Scoring;

namespace Suites.Fisbe.Reports;

/// <summary>The scores of one sample as the TOML file that the official evaluator writes and that its tools read.</summary>
public static class SampleToml
{
    public static string Write(VolumeScores scores)
    {
        var text = new StringBuilder();
        General(text, scores);
        text.Append("\n[confusion_matrix]\n");
        Line(text, "avAP", scores.AveragePrecisionFrom05);
        Line(text, "avAP59", scores.AveragePrecisionFrom05);
        Line(text, "avAP19", scores.AveragePrecision);
        Line(text, "avFscore", scores.AverageF1);
        Line(text, "avFscore59", scores.AverageF1From05);
        Line(text, "avFscore19", scores.AverageF1);
        foreach (var threshold in scores.Thresholds) Threshold(text, threshold);
        return text.ToString();
    }

    static void General(StringBuilder text, VolumeScores scores)
    {
        text.Append("[general]\n");
        Line(text, "\"Num GT\"", scores.GroundTruth.Count);
        Line(text, "\"Num Pred\"", scores.Prediction.Count);
        Line(text, "TP_05", scores.Matches.Count);
        Line(text, "TP_05_rel", scores.TruePositiveShare);
        Line(text, "TP_05_cldice", scores.Matches.Select(match => match.Value));
        Line(text, "avg_TP_05_cldice", scores.ClDiceOfMatches);
        Line(text, "gt_skel_coverage", scores.Coverage.Shares);
        Line(text, "avg_gt_skel_coverage", scores.Coverage.Mean);
        Line(text, "avg_f1_cov_score", scores.S);
        Line(text, "FM", scores.FalseMerges);
        Line(text, "FS", scores.FalseSplits);
        Subset(text, scores.Dim, "dim");
        Subset(text, scores.Overlap, "overlap");
    }

    static void Subset(StringBuilder text, SubsetScores subset, string name)
    {
        Line(text, $"GT_{name}", subset.Ids.Count);
        Line(text, $"TP_05_{name}", subset.TruePositives);
        Line(text, $"TP_05_rel_{name}", subset.TruePositiveShare);
        Line(text, $"gt_covs_{name}", subset.Coverage.Shares);
        // The evaluator leaves its integer zero where there is nothing to average.
        if (subset.Coverage.Shares.Count == 0) Line(text, $"avg_gt_cov_{name}", 0);
        else Line(text, $"avg_gt_cov_{name}", subset.Coverage.Mean);
    }

    static void Threshold(StringBuilder text, ThresholdScores scores)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n[confusion_matrix.{Name(scores.Threshold)}]\n");
        Line(text, "AP_TP", scores.TruePositives);
        Line(text, "AP_FP", scores.FalsePositives);
        Line(text, "AP_FN", scores.FalseNegatives);
        Line(text, "precision", scores.Precision);
        Line(text, "recall", scores.Recall);
        Line(text, "AP", scores.AveragePrecision);
        Line(text, "fscore", scores.F1);
        Line(text, "false_split", scores.FalseSplits);
        Line(text, "false_merge", scores.FalseMerges);
    }

    /// <summary>The evaluator's name of a threshold, e.g. <c>th_0_55</c>.</summary>
    internal static string Name(double threshold) => "th_" + PythonNumber.Of(threshold).Replace('.', '_');

    static void Line(StringBuilder text, string key, int value) => text.Append(CultureInfo.InvariantCulture, $"{key} = {value}\n");

    static void Line(StringBuilder text, string key, double value) =>
        text.Append(CultureInfo.InvariantCulture, $"{key} = {Number(value)}\n");

    static void Line(StringBuilder text, string key, IEnumerable<double> values) =>
        text.Append(CultureInfo.InvariantCulture, $"{key} = [{string.Concat(values.Select(value => $" {Number(value)},"))}]\n");

    static string Number(double value) => PythonNumber.Of(value).Replace("e+0", "e+").Replace("e-0", "e-");
}
