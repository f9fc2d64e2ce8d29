using System.Text.Json;
using Suites.Fisbe.Scoring;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Tests;

/// <summary>Every number of the official evaluator (Reference/scores.py): counts exactly, shares to the last bit.</summary>
public sealed class OfficialScoreTests
{
    static readonly VolumeShape Cube = new(30, 30, 30), Slab = new(9, 20, 48);
    static readonly JsonElement[] Reference = TestData.Reference("scores.json");

    public static TheoryData<string> Analytic() => ["A", "B", "B2", "C", "D", "D-partly", "E", "E2", "F", "F2", "G", "H"];

    public static TheoryData<int> Seeds() => [.. Reference.Where(item => item.TryGetProperty("seed", out _))
        .Select(item => item.GetProperty("seed").GetInt32())];

    [Theory]
    [MemberData(nameof(Analytic))]
    public void A_volume_of_boxes_is_scored_as_officially(string name)
    {
        var (truth, prediction) = Boxes(name);
        AssertScores(Named(name), truth, prediction);
    }

    [Theory]
    [InlineData("crop")]
    [InlineData("R1")]
    [InlineData("R2")]
    [InlineData("R3")]
    public void A_real_crop_is_scored_as_officially(string name)
    {
        var truth = TestData.CropTruth();
        var prediction = name switch
        {
            "crop" => new LabelArray("crop", 3, TestData.CropShape, truth),
            "R1" => new("shifted", 3, TestData.CropShape, Drawing.Roll(truth, 50, 1)),
            "R2" => new("merged", 1, TestData.CropShape, truth.Take(125_000).Zip(truth.Skip(125_000), (one, other) => one + other > 0 ? 1
                : 0).ToArray()),
            _ => Components(TestData.CropImage()),
        };
        AssertScores(Named(name), new("crop", 3, TestData.CropShape, truth), prediction);
    }

    [Theory]
    [MemberData(nameof(Seeds), DisableDiscoveryEnumeration = true)]
    public void A_drawn_volume_is_scored_as_officially(int seed)
    {
        var (truth, prediction) = DrawnSample.Of((ulong)seed);
        var expected = Reference.Single(item => item.TryGetProperty("seed", out var value) && value.GetInt32() == seed)
            .GetProperty("scores");
        var rules = ScoringRules.FlyLight with { Smallest = 30, Partly = seed % 3 == 0 };
        AssertEqual(expected, Score(truth, prediction, rules));
    }

    static JsonElement Named(string name) => Reference.Single(item => item.TryGetProperty("name", out var value)
        && value.GetString() == name);

    static void AssertScores(JsonElement item, LabelArray truth, LabelArray prediction) => AssertEqual(item.GetProperty("scores"),
        Score(truth, prediction, ScoringRules.FlyLight with
        {
            Smallest = item.GetProperty("smallest").GetInt32(), Partly = item.GetProperty("partly").GetBoolean(),
        }));

    static VolumeScores Score(LabelArray truth, LabelArray prediction, ScoringRules rules) =>
        VolumeScorer.Score(ScoringInput.Read(truth, prediction, rules, null, default), rules, threads: 2);

    static (LabelArray Truth, LabelArray Prediction) Boxes(string name)
    {
        var (x, y) = (Drawing.Box(Cube, (14, 17, 14, 17, 5, 25)), Drawing.Box(Cube, (14, 17, 5, 25, 14, 17)));
        var (t1, t2) = (Drawing.Box(Slab, (3, 6, 4, 7, 4, 44)), Drawing.Box(Slab, (3, 6, 12, 15, 4, 44)));
        var (h1, h2) = (Drawing.Box(Slab, (3, 6, 4, 7, 4, 24)), Drawing.Box(Slab, (3, 6, 4, 7, 24, 44)));
        var (q1, q3) = (Drawing.Box(Slab, (3, 6, 4, 7, 4, 14)), Drawing.Box(Slab, (3, 6, 4, 7, 14, 44)));
        var spurious = Drawing.Box(Slab, (3, 6, 16, 19, 4, 20));
        var bend = Drawing.Box(Cube, (10, 13, 4, 26, 6, 9), (10, 13, 23, 26, 6, 26));
        var (y1, y2) = (Drawing.Box(Cube, (14, 17, 5, 14, 14, 17)), Drawing.Box(Cube, (14, 17, 17, 25, 14, 17)));
        return name switch
        {
            "A" => (Drawing.Stack(Cube, x, y), Drawing.Stack(Cube, x, y)),
            "B" => (Drawing.Stack(Slab, t1), Drawing.Stack(Slab, h1, h2)),
            "B2" => (Drawing.Stack(Slab, t1, t2), Drawing.Stack(Slab, q1, q3, t2)),
            "C" => (Drawing.Stack(Slab, t1, t2), Drawing.Stack(Slab, Drawing.Either(t1, t2))),
            "D" or "D-partly" => (Drawing.Stack(Slab, t1, t2), Drawing.Stack(Slab, t1, spurious)),
            "E" => (Drawing.Stack(Cube, x, y), Drawing.Stack(Cube, x, y1, y2)),
            "E2" => (Drawing.Stack(Cube, x, y), Drawing.Stack(Cube, Drawing.Either(x, y), y1)),
            "F" => (Drawing.Stack(Cube, bend), Drawing.Stack(Cube, Drawing.Roll(bend, 30, 1))),
            "F2" => (Drawing.Stack(Cube, bend), Drawing.Stack(Cube, Drawing.Roll(bend, 30, 2))),
            "G" => (Drawing.Stack(Slab, t1, t2), Drawing.Stack(Slab, t1, h2)),
            _ => (Drawing.Labels(Slab, [t1, t2], single: true, 4, 5), Drawing.Labels(Slab, [t1, t2], single: true, -293, 300)),
        };
    }

    /// <summary>26-connected components of what is brighter than the 97th percentile, 608, in any channel; numbered in raster
    /// order.</summary>
    static LabelArray Components(int[] image)
    {
        var bright = Enumerable.Range(0, 125_000).Select(voxel =>
            Math.Max(image[voxel], Math.Max(image[125_000 + voxel], image[250_000 + voxel])) > 608)
            .ToArray();
        var labels = new int[125_000];
        var count = 0;
        for (var seed = 0; seed < labels.Length; seed++)
        {
            if (!bright[seed] || labels[seed] != 0) continue;
            var open = new Stack<int>([seed]);
            labels[seed] = ++count;
            while (open.TryPop(out var voxel))
                foreach (var beside in Around(voxel).Where(beside => bright[beside] && labels[beside] == 0))
                {
                    labels[beside] = count;
                    open.Push(beside);
                }
        }
        return new("components", 1, TestData.CropShape, labels);
    }

    static IEnumerable<int> Around(int voxel)
    {
        var (z, y, x) = TestData.CropShape.Position(voxel);
        return from dz in new[] { -1, 0, 1 } from dy in new[] { -1, 0, 1 } from dx in new[] { -1, 0, 1 }
               where z + dz is >= 0 and < 50 && y + dy is >= 0 and < 50 && x + dx is >= 0 and < 50
               select TestData.CropShape.Number(z + dz, y + dy, x + dx);
    }

    static void AssertEqual(JsonElement expected, VolumeScores scores)
    {
        var general = expected.GetProperty("general");
        Dictionary<string, double> numbers = new()
        {
            ["Num GT"] = scores.GroundTruth.Count, ["Num Pred"] = scores.Prediction.Count, ["TP_05"] = scores.Matches.Count,
            ["TP_05_rel"] = scores.TruePositiveShare, ["avg_TP_05_cldice"] = scores.ClDiceOfMatches,
            ["avg_gt_skel_coverage"] = scores.Coverage.Mean, ["avg_f1_cov_score"] = scores.S, ["FM"] = scores.FalseMerges,
            ["FS"] = scores.FalseSplits, ["GT_dim"] = scores.Dim.Ids.Count, ["TP_05_dim"] = scores.Dim.TruePositives,
            ["TP_05_rel_dim"] = scores.Dim.TruePositiveShare, ["avg_gt_cov_dim"] = scores.Dim.Coverage.Mean,
            ["GT_overlap"] = scores.Overlap.Ids.Count, ["TP_05_overlap"] = scores.Overlap.TruePositives,
            ["TP_05_rel_overlap"] = scores.Overlap.TruePositiveShare, ["avg_gt_cov_overlap"] = scores.Overlap.Coverage.Mean,
        };
        foreach (var (name, value) in numbers) Assert.Equal((name, general.GetProperty(name).GetDouble()), (name, value));
        Assert.Equal(Numbers(general, "TP_05_cldice"), scores.Matches.Select(match => match.Value));
        Assert.Equal(Numbers(general, "gt_skel_coverage"), scores.Coverage.Shares);
        Assert.Equal(Numbers(general, "gt_covs_dim"), scores.Dim.Coverage.Shares);
        Assert.Equal(Numbers(general, "gt_covs_overlap"), scores.Overlap.Coverage.Shares);
        AssertConfusion(expected.GetProperty("confusion_matrix"), scores);
    }

    static void AssertConfusion(JsonElement expected, VolumeScores scores)
    {
        Assert.Equal(expected.GetProperty("avAP59").GetDouble(), scores.AveragePrecisionFrom05);
        Assert.Equal(expected.GetProperty("avAP19").GetDouble(), scores.AveragePrecision);
        Assert.Equal(expected.GetProperty("avFscore59").GetDouble(), scores.AverageF1From05);
        Assert.Equal(expected.GetProperty("avFscore19").GetDouble(), scores.AverageF1);
        foreach (var threshold in scores.Thresholds)
        {
            var table = expected.GetProperty($"th_{threshold.Threshold}".Replace('.', '_'));
            Assert.Equal(
                (table.GetProperty("AP_TP").GetInt32(), table.GetProperty("AP_FP").GetInt32(), table.GetProperty("AP_FN").GetInt32(),
                    table.GetProperty("false_split").GetInt32(), table.GetProperty("false_merge").GetInt32()),
                (threshold.TruePositives, threshold.FalsePositives, threshold.FalseNegatives, threshold.FalseSplits,
                    threshold.FalseMerges));
            Assert.Equal((table.GetProperty("precision").GetDouble(), table.GetProperty("recall").GetDouble(),
                table.GetProperty("AP").GetDouble(),
                table.GetProperty("fscore").GetDouble()), (threshold.Precision, threshold.Recall, threshold.AveragePrecision,
                    threshold.F1));
        }
    }

    static double[] Numbers(JsonElement table, string name) =>
        [.. table.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
}
