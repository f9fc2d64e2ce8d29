using System.Text.Json;
using Suites.Fisbe.Reports;
using Suites.Fisbe.Scoring;

namespace Suites.Fisbe.Tests;

/// <summary>The files of the official evaluator, byte for byte (Reference/layouts.py).</summary>
public sealed class ReportTests
{
    static readonly JsonElement[] Reference = TestData.Reference("layouts.json");
    static readonly Lazy<RunScores[]> Runs = new(() => [.. Reference[..3].Select(run =>
        RunScores.Of([.. run.GetProperty("seeds").EnumerateArray().Select(seed => Sample(seed.GetInt32()))]))]);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_sample_is_written_as_officially(int run) =>
        Assert.Equal(Reference[run].GetProperty("toml").GetString(), SampleToml.Write(Runs.Value[run].Samples[0].Scores));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_run_is_summarised_as_officially(int run)
    {
        var (scores, expected) = (Runs.Value[run], Reference[run]);
        Assert.Equal(expected.GetProperty("summary").GetString(), SummaryCsv.Write(scores.Samples, scores.Combined));
        Assert.Equal(expected.GetProperty("complete").GetString(), SummaryCsv.Write(scores.Samples.Where(sample => !sample.Partly),
            scores.Complete!));
        Assert.Equal(expected.GetProperty("partly").GetString(), SummaryCsv.Write(scores.Samples.Where(sample => sample.Partly),
            scores.Partly!));
    }

    [Fact]
    public void Three_runs_are_compared_as_officially() =>
        Assert.Equal(Reference[3].GetProperty("stability").GetString(), StabilityCsv.Write(Runs.Value));

    [Fact]
    public void Stability_is_over_three_runs_and_says_so() =>
        Assert.Contains("exactly 3", Assert.Throws<ArgumentException>(() => StabilityCsv.Write(Runs.Value[..2])).Message);

    [Fact]
    public void A_run_of_one_kind_of_sample_has_no_parts()
    {
        var run = RunScores.Of([.. Runs.Value[0].Samples.Where(sample => !sample.Partly)]);
        Assert.Equal((null, null), (run.Complete, run.Partly));
        Assert.Equal(Runs.Value[0].Complete!.S, run.Combined.S);
    }

    /// <summary>
    /// Line avg_inst of the evaluator's committed results of Duan et al. on the 23 test images, which is also the leaderboard's: the mean
    /// of
    /// the completely and the partly labelled images, each pooled.
    /// </summary>
    [Fact]
    public void The_published_results_pool_to_the_leaderboard()
    {
        var lines = File.ReadAllLines(TestData.Require("summary_brainbow_combined.csv").FullName).Select(line => line.Split(';')).ToArray();
        var list = SampleList.Parse("the list", File.ReadLines(TestData.Require("sample_list_per_split.txt").FullName));
        double Number(string[] line, string name) => double.Parse(line[Array.IndexOf(lines[0], name)]);
        var sets = lines.Skip(1).SkipLast(3).GroupBy(line => list.IsPartly(line[0])).OrderBy(set => set.Key).Select(set =>
        {
            float[] Many(string count, string value) =>
                [.. set.SelectMany(line => Enumerable.Repeat((float)Number(line, value), (int)Number(line, count)))];
            int Sum(string name) => (int)set.Sum(line => Number(line, name));
            var half = new PooledCounts(0.5, Sum("th_0_5 AP_TP"), Sum("th_0_5 AP_FP"), Sum("th_0_5 AP_FN"));
            var coverages = Many("general Num GT", "general avg_gt_skel_coverage");
            return new SetScores(Sum("general Num GT"), Sum("general Num Pred"), 0, 0, NumpyMean.Of(coverages), [half.F1], coverages,
                Many("general TP_05", "general avg_TP_05_cldice"), half.TruePositives, half.FalsePositives, half.FalseNegatives,
                Sum("general FM"), Sum("general FS"), [half], null, null);
        }).ToArray();
        var combined = SetScores.Combine(sets[0], sets[1]);
        Assert.Equal(Number(lines[^1], "general avg_gt_skel_coverage"), combined.Coverage, 1e-6);
        // When these were made clDice_TP was averaged over the sets as well; the evaluator now pools it.
        Assert.Equal(Number(lines[^1], "general avg_TP_05_cldice"), (sets[0].ClDiceOfMatches + sets[1].ClDiceOfMatches) / 2, 1e-6);
        Assert.Equal(Number(lines[^1], "th_0_5 fscore"), combined.F1[0], 1e-15);
        Assert.Equal(Number(lines[^1], "general TP_05_rel"), combined.TruePositiveShare, 1e-15);
        Assert.Equal((134, 293, 50, 128, 84, 29, 45), (combined.Truths, combined.Predictions, combined.TruePositives,
            combined.FalsePositives,
            combined.FalseNegatives, combined.FalseMerges, combined.FalseSplits));
    }

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(1, "1.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(-1.5e-7, "-1.5e-07")]
    [InlineData(123456789012345680.0, "1.2345678901234568e+17")]
    [InlineData(1234567890123456.0, "1234567890123456.0")]
    [InlineData(1e16, "1e+16")]
    [InlineData(1e22, "1e+22")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void A_number_is_printed_as_in_python(double value, string expected) => Assert.Equal(expected, PythonNumber.Of(value));

    [Theory]
    [InlineData(0.384124f, "0.384124")]
    [InlineData(16777216f, "16777216.0")]
    [InlineData(1e-5f, "1e-05")]
    public void A_single_precision_number_is_printed_as_in_numpy(float value, string expected) =>
        Assert.Equal(expected, PythonNumber.Of(value));

    static ScoredSample Sample(int seed)
    {
        var (truth, prediction) = DrawnSample.Of((ulong)seed);
        var rules = ScoringRules.FlyLight with { Smallest = 30, Partly = seed % 3 == 0 };
        return new($"{seed}", rules.Partly, VolumeScorer.Score(ScoringInput.Read(truth, prediction, rules, null, default), rules,
            threads: 1));
    }
}
