using Suites.Fisbe.Scoring;

namespace Suites.Fisbe.Reports;

/// <summary>The report of the official stability mode: mean and population deviation of every pooled number over three runs.</summary>
public static class StabilityCsv
{
    /// <summary>The evaluator takes three runs, no more and no fewer.</summary>
    public const int Runs = 3;

    /// <summary>One line of the report.</summary>
    public sealed record Line(string Mode, string Metric, double Mean, double Deviation);

    /// <exception cref="ArgumentException">Not exactly <see cref="Runs"/> runs.</exception>
    public static IReadOnlyList<Line> Lines(IReadOnlyList<RunScores> runs)
    {
        if (runs.Count != Runs) throw new ArgumentException($"{runs.Count} runs were given; stability is over exactly {Runs}.",
            nameof(runs));
        return
        [
            .. Mode("MODE 1: COMPLETE", runs.Select(run => run.Complete)), .. Mode("MODE 2: PARTLY", runs.Select(run => run.Partly)),
            .. Mode("MODE 3: COMBINED", runs.Select(run => run.Combined)),
        ];
    }

    public static string Write(IReadOnlyList<RunScores> runs) => "Mode,Metric,Mean,StdDev\n" + string.Concat(Lines(runs)
        .Select(line => $"{line.Mode},{line.Metric},{PythonNumber.Of(line.Mean)},{PythonNumber.Of(line.Deviation)}\n"));

    static IEnumerable<Line> Mode(string name, IEnumerable<SetScores?> sets)
    {
        var runs = sets.OfType<SetScores>().Select(Numbers).ToList();
        if (runs.Count < Runs) yield break;
        foreach (var metric in runs[0].Keys.Order(StringComparer.Ordinal).Where(metric => runs.TrueForAll(run => run.ContainsKey(metric))))
        {
            // Lists of the same length are averaged as a whole; others, and empty ones, have no mean.
            if (runs.Exists(run => run[metric].Count != runs[0][metric].Count || run[metric].Count == 0)) continue;
            double[] values = [.. runs.SelectMany(run => run[metric])];
            var mean = NumpyMean.Of(values);
            yield return new(name, metric, mean, Math.Sqrt(NumpyMean.Of([.. values.Select(value => (value - mean) * (value - mean))])));
        }
    }

    static Dictionary<string, IReadOnlyList<double>> Numbers(SetScores set)
    {
        var numbers = new Dictionary<string, IReadOnlyList<double>>(StringComparer.Ordinal)
        {
            ["general.Num GT"] = [set.Truths], ["general.Num Pred"] = [set.Predictions], ["general.avg_gt_skel_coverage"] = [set.Coverage],
            ["general.avg_f1_cov_score"] = [set.S], ["general.avFscore"] = [set.AverageF1], ["general.FM"] = [set.FalseMerges],
            ["general.FS"] = [set.FalseSplits], ["general.TP_05"] = [set.TruePositives], ["general.TP_05_rel"] = [set.TruePositiveShare],
            ["general.avg_TP_05_cldice"] = [set.ClDiceOfMatches], ["confusion_matrix.avFscore"] = [set.AverageF1],
            ["confusion_matrix.th_0_5.AP_TP"] = [set.TruePositives], ["confusion_matrix.th_0_5.AP_FP"] = [set.FalsePositives],
            ["confusion_matrix.th_0_5.AP_FN"] = [set.FalseNegatives], ["gt_covs"] = [.. set.Coverages.Select(value => (double)value)],
        };
        for (var index = 0; index < set.F1.Count; index++)
            numbers[$"confusion_matrix.{SampleToml.Name(ScoringRules.Thresholds[index])}.fscore"] = [set.F1[index]];
        if (set.Counts.Count > 0) AddPooledOnly(numbers, set);
        return numbers;
    }

    static void AddPooledOnly(Dictionary<string, IReadOnlyList<double>> numbers, SetScores set)
    {
        numbers["general.TP_05_cldice"] = [.. set.ClDices.Select(value => (double)value)];
        numbers["tp"] = [.. set.Counts.Select(count => (double)count.TruePositives)];
        numbers["fp"] = [.. set.Counts.Select(count => (double)count.FalsePositives)];
        numbers["fn"] = [.. set.Counts.Select(count => (double)count.FalseNegatives)];
        foreach (var (name, subset) in new[] { ("dim", set.Dim!), ("overlap", set.Overlap!) })
        {
            numbers[$"general.GT_{name}"] = [subset.Count];
            numbers[$"general.TP_05_{name}"] = [subset.TruePositives];
            numbers[$"general.TP_05_rel_{name}"] = [subset.TruePositiveShare];
            numbers[$"general.avg_gt_cov_{name}"] = [subset.Coverage];
        }
    }
}
