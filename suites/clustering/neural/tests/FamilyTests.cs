using Harness.Datasets;
using Harness.Testing;
using Suites.Clustering.Neural.Families;
using Suites.Clustering.Neural.Networks;
using Suites.Clustering.Tests;

namespace Suites.Clustering.Neural.Tests;

public sealed class FamilyTests
{
    static Benchmark<LabeledPoint, ClusterPrediction> Benchmark { get; } =
        (Benchmark<LabeledPoint, ClusterPrediction>)NeuralClusteringSuite.Create().Benchmarks[0];

    static readonly LabeledPoint[] Images = Drawings.Of(48);

    [Fact]
    public void The_autoencoder_with_k_means_keeps_the_contract()
    {
        var small = new AutoencoderKMeans(4, AutoencoderForm.Convolution, CodeLength: 3, Epochs: 2, BatchSize: 24);
        Contract(small).Varying("clusters", 3).Varying("codeLength", 4).Varying("epochs", 1).Varying("batchSize", 12)
            .Varying("learningRate", 1e-2)
            .Comparing("dropout", small with { Network = AutoencoderForm.Perceptron },
                small with { Network = AutoencoderForm.Perceptron, Dropout = 0.5 })
            .Comparing("restarts", small with { Clusters = 20, Restarts = 1 }, small with { Clusters = 20, Restarts = 30 }).Check();
    }

    [Fact]
    public void Tell_keeps_the_contract()
    {
        var small = new Tell(4, AutoencoderForm.Convolution, CodeLength: 3, Warmup: 1, Epochs: 2, BatchSize: 24);
        Contract(small).Varying("clusters", 3).Varying("codeLength", 4).Varying("warmup", 2).Varying("epochs", 3).Varying("batchSize", 12)
            .Varying("learningRate", 1e-2).Varying("clusterWeight", 0.5).Varying("centerStep", 0.5)
            .Comparing("dropout", small with { Network = AutoencoderForm.Perceptron },
                small with { Network = AutoencoderForm.Perceptron, Dropout = 0.5 }).Check();
    }

    [Fact]
    public void Mlc_keeps_the_contract()
    {
        var small = new Mlc(4, FeatureLength: 6, Spreading: 1, Separating: 1, BatchSize: 24);
        Contract(small).Varying("clusters", 3).Varying("featureLength", 5).Varying("precision", 0.3).Varying("entropy", 0.5)
            .Varying("sinkhornSteps", 2).Varying("agreement", 3.0).Varying("spreading", 2).Varying("separating", 0, 2)
            .Varying("batchSize", 12).Varying("learningRate", 1e-2)
            .Comparing("noise", small with { Network = EncoderForm.Perceptron },
                small with { Network = EncoderForm.Perceptron, Noise = 0.1 }).Check();
    }

    [Fact]
    public void Gedi_keeps_the_contract()
    {
        var small = new Gedi(4, Langevin: 2, Warmup: 1, Epochs: 2, BatchSize: 24);
        Contract(small).Varying("clusters", 3).Varying("temperature", 0.2).Varying("noise", 0.1).Varying("langevin", 3)
            .Varying("generation", 0.0, 0.5).Varying("invariance", 0.0, 10.0).Varying("balance", 0.0, 10.0).Varying("warmup", 2)
            .Varying("epochs", 3).Varying("batchSize", 12).Varying("learningRate", 1e-2).Check();
    }

    [Fact]
    public void Mmcr_keeps_the_contract()
    {
        var small = new Mmcr(4, FeatureLength: 6, Views: 2, Epochs: 2, BatchSize: 24);
        Contract(small).Varying("clusters", 3).Varying("featureLength", 5).Varying("views", 3).Varying("compression", 0.5)
            .Varying("epochs", 0, 1).Varying("batchSize", 12).Varying("learningRate", 1e-2)
            .Comparing("noise", small with { Network = EncoderForm.Perceptron },
                small with { Network = EncoderForm.Perceptron, Noise = 0.1 }).Check();
    }

    [Fact]
    public void More_clusters_than_different_points_and_images_that_are_none_are_refused()
    {
        foreach (var family in (IModelFamily<LabeledPoint, ClusterPrediction>[])[new AutoencoderKMeans(4), new Tell(4), new Mlc(4),
            new Gedi(4), new Mmcr(4)])
            Assert.Contains("there are only 3 different points; allowed is 1..3.",
                Refusal(family, [Points.At(1), Points.At(2), Points.At(3)]), StringComparison.Ordinal);
        Assert.Contains("choose network perceptron", Refusal(new Mlc(2), [Points.At(1, 2), Points.At(2, 1), Points.At(3, 3)]),
            StringComparison.Ordinal);
    }

    static string Refusal(IModelFamily<LabeledPoint, ClusterPrediction> family, LabeledPoint[] points) =>
        Assert.Throws<TrainingFailedException>(() => Points.Prepare(family, points)).Message;

    [Fact]
    public void Every_neural_family_is_tested_here_and_the_others_are_those_of_the_plain_suite()
    {
        var plain = (Benchmark<LabeledPoint, ClusterPrediction>)ClusteringSuite.Create().Benchmarks[0];
        Assert.Equal(plain.Families, Benchmark.Families.Take(plain.Families.Count));
        Assert.Equal(["ae-k-means", "tell", "mlc", "gedi", "mmcr"],
            Benchmark.Families.Skip(plain.Families.Count).Select(family => family.Card.Id));
    }

    static FamilyContract<LabeledPoint, ClusterPrediction> Contract(IModelFamily<LabeledPoint, ClusterPrediction> family) =>
        FamilyContract.Of(Benchmark, family, new(Images, Images), Images);
}
