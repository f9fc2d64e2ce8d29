using Harness.Datasets;
using Harness.Testing;
using Suites.LlmEdge.Families;
using Suites.LlmEdge.Pruning;
using Suites.LlmEdge.Pruning.Blocks;
using Suites.LlmEdge.Pruning.Perceptrons;

namespace Suites.LlmEdge.Tests.Pruning;

public sealed class PrunedMlpTests
{
    static readonly Benchmark<LabeledImage, ClassProbabilities> Benchmark =
        (Benchmark<LabeledImage, ClassProbabilities>)LlmEdgeSuite.Create().Benchmarks.Single(benchmark => benchmark.Id == "compression");

    static readonly PrunedMlp Small = new(Density: 0.3, Hidden: 16, Calibration: 20,
        Blocks: new(Steps: 4, Block: 24, Samples: 40, Restarts: 2), Training: new(Epochs: 2, BatchSize: 16));

    [Fact]
    public void A_pruned_mlp_keeps_the_contract()
    {
        var wanda = Small with { Method = PruningMethod.Wanda };
        FamilyContract.Of(Benchmark, Small, new(Patterns.Of(120, 1), Patterns.Of(20, 2)), Patterns.Of(12, 3))
            .Comparing("scope", Small, Small with { Scope = PruningScope.Network })
            .Comparing("calibration", wanda, wanda with { Calibration = 60 }).Check();
    }

    [Fact]
    public void Only_kept_weights_count()
    {
        using var model = Prepare(Small);
        // 30 % of 25·16, 16·16 and 16·4 weights, and all offsets; one bit for each weight says whether it stays.
        Assert.Equal(120 + 77 + 19 + 36, model.Footprint.Parameters);
        Assert.Equal(4 * 252 + 720 / 8, model.Footprint.Bytes);
        var counts = model.Count(Patterns.Of(3, 3));
        Assert.Equal([120.0, 77, 19], counts.Layers.Select(layer => layer.Macs));
        Assert.Equal([400.0, 256, 64], counts.Layers.Select(layer => layer.DenseOperations));
        using var whole = Prepare(Small with { Method = PruningMethod.None });
        Assert.Equal(new(720 + 36, 4 * 756, 32), whole.Footprint);
    }

    [Fact]
    public void Scores_of_classes_are_accuracy_and_the_mean_logarithm()
    {
        LabeledImage Image(int label) => new(new byte[1], 1, 1, 1, label);
        (LabeledImage Sample, ClassProbabilities Answer)[] answers =
            [(Image(0), new([0.5f, 0.25f, 0.25f])), (Image(1), new([0.5f, 0.5f, 0])), (Image(2), new([0.25f, 0.5f, 0.25f]))];
        double Score(string id)
        {
            var tally = Benchmark.Metrics.Single(metric => metric.Card.Id == id).Begin();
            foreach (var (sample, answer) in answers) tally.Add(sample, answer);
            return tally.Total();
        }
        Assert.Equal(1.0 / 3, Score("accuracy"), 1e-12);
        Assert.Equal(4 * Math.Log(2) / 3, Score("cross-entropy"), 1e-7);
    }

    [Fact]
    public void The_curve_has_a_point_for_each_epoch_the_cut_and_each_block()
    {
        var curve = new RecordingProgress<TrainingPoint>();
        using var model = Prepare(Small, curve);
        Assert.Equal(Enumerable.Range(1, 2 + 1 + 4), curve.Reports.Select(point => point.Epoch));
        Assert.Contains("of 4 blocks changed", Assert.Single(curve.Reports, point => point.Note is not null).Note!);
    }

    [Fact]
    public void The_same_network_is_trained_once_and_pruned_alike()
    {
        var cache = Directory.CreateTempSubdirectory();
        try
        {
            (string Answers, IReadOnlyList<TrainingPoint> Curve) Run(PrunedMlp family)
            {
                var curve = new RecordingProgress<TrainingPoint>();
                using var model = Prepare(family, curve, cache);
                return (CanonicalJson.Write(model.Predict(Patterns.Of(12, 3))), curve.Reports);
            }
            var (first, second) = (Run(Small), Run(Small));
            Assert.Equal(first.Answers, second.Answers);
            Assert.Equal(first.Curve.Select(point => (point.Epoch, point.Loss)), second.Curve.Select(point => (point.Epoch, point.Loss)));
            Assert.Null(first.Curve[1].Note);
            Assert.Equal("read, not trained: an earlier run kept these weights", second.Curve[1].Note);
            Assert.Null(Run(Small with { Training = new(Epochs: 2, BatchSize: 17) }).Curve[1].Note);
            foreach (var kept in cache.GetFiles("*.json", SearchOption.AllDirectories))
                File.WriteAllText(kept.FullName, File.ReadAllText(kept.FullName).Replace("\"Numbers\":\"", "\"Numbers\":\"AAAA"));
            Assert.Null(Run(Small).Curve[1].Note);
        }
        finally
        {
            cache.Delete(recursive: true);
        }
    }

    static IModel<LabeledImage, ClassProbabilities> Prepare(PrunedMlp family, IProgress<TrainingPoint> progress, DirectoryInfo cache) =>
        family.Prepare(new(Patterns.Of(120, 1), []), new(1, 1, cache, new ManualTime(), progress, TestContext.Current.CancellationToken));

    static IModel<LabeledImage, ClassProbabilities> Prepare(PrunedMlp family, IProgress<TrainingPoint>? progress = null)
    {
        var cache = Directory.CreateTempSubdirectory();
        try
        {
            return Prepare(family, progress ?? new RecordingProgress<TrainingPoint>(), cache);
        }
        finally
        {
            cache.Delete(recursive: true);
        }
    }
}
