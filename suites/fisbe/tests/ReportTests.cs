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
        Assert.Equal(expected.GetProperty("complete").GetString(), SummaryCsv.Write(scores.Samples.Where(sample => !sample.Partly), scores.Complete!));
        Assert.Equal(expected.GetProperty("partly").GetString(), SummaryCsv.Write(scores.Samples.Where(sample => sample.Partly), scores.Partly!));
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

    /// <summary>Line avg_inst of the evaluator's committed results of Duan et al. on the 23 test images, which is also the leaderboard's.</summary>
    [Fact]
    public void The_published_results_pool_to_the_leaderboard()
    {
        var lines = File.ReadAllLines(TestData.Require("summary_brainbow_combined.csv").FullName).Select(line => line.Split(';')).ToArray();
        double[] Column(string name) => [.. lines.Skip(1).SkipLast(3).Select(line => double.Parse(line[Array.IndexOf(lines[0], name)]))];
        double Pooled(string name) => double.Parse(lines[^1][Array.IndexOf(lines[0], name)]);
        var (truths, coverage) = (Column("general Num GT"), Column("general avg_gt_skel_coverage"));
        var (matches, clDice) = (Column("general TP_05"), Column("general avg_TP_05_cldice"));
        float[] coverages = [.. truths.Zip(coverage).SelectMany(pair => Enumerable.Repeat((float)pair.Second, (int)pair.First))];
        float[] clDices = [.. matches.Zip(clDice).SelectMany(pair => Enumerable.Repeat((float)pair.Second, (int)pair.First))];
        var half = new PooledCounts(0.5, (int)Column("th_0_5 AP_TP").Sum(), (int)Column("th_0_5 AP_FP").Sum(), (int)Column("th_0_5 AP_FN").Sum());
        Assert.Equal(Pooled("general avg_gt_skel_coverage"), NumpyMean.Of(coverages), 1e-6);
        Assert.Equal(Pooled("general avg_TP_05_cldice"), NumpyMean.Of(clDices), 1e-6);
        Assert.Equal(Pooled("th_0_5 fscore"), half.F1, 1e-15);
        Assert.Equal((23, 50, 128, 84), (truths.Length, half.TruePositives, half.FalsePositives, half.FalseNegatives));
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
    public void A_single_precision_number_is_printed_as_in_numpy(float value, string expected) => Assert.Equal(expected, PythonNumber.Of(value));

    static ScoredSample Sample(int seed)
    {
        var (truth, prediction) = DrawnSample.Of((ulong)seed);
        var rules = ScoringRules.FlyLight with { Smallest = 30, Partly = seed % 3 == 0 };
        return new($"{seed}", rules.Partly, VolumeScorer.Score(ScoringInput.Read(truth, prediction, rules, null, default), rules, threads: 1));
    }
}
