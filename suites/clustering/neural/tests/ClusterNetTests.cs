using Harness.Datasets;
using Harness.Testing;
using Suites.Clustering.Annotations;
using Suites.Clustering.Metrics.Annotations;
using Suites.Clustering.Neural.Families;

namespace Suites.Clustering.Neural.Tests;

public sealed class ClusterNetTests
{
    static readonly ClusterNet Small = new(Epochs: 2, BatchSize: 4);

    static Benchmark<AnnotatedPlot, PlotPartition> Benchmark { get; } =
        NeuralClusteringSuite.Create().Benchmarks.OfType<Benchmark<AnnotatedPlot, PlotPartition>>().Single();

    static readonly AnnotatedPlot[] Plots = [.. AnnotatedPlots.Small.Read(new("."), Split.Train).Take(8)];

    // One annotator alone: with several of different minds, nothing agrees with all.
    [Fact]
    public void One_batch_is_learnt_by_heart()
    {
        AnnotatedPlot[] plots = [.. Plots.Take(4).Select(plot => plot with { Annotations = [plot.Annotations[1]] })];
        using var model = Prepare(new ClusterNet(Turns: false, Epochs: 200, BatchSize: 4, LearningRate: 3e-3), plots);
        var tally = new AnnotatorRandIndex().Begin();
        foreach (var (plot, partition) in plots.Zip(model.Predict([.. plots.Select(Benchmark.Withhold)]))) tally.Add(plot, partition);
        Assert.True(tally.Total() > 0.99, $"adjusted Rand index {tally.Total()}");
    }

    [Fact]
    public void Points_in_another_order_have_the_same_clusters_in_that_order()
    {
        using var model = Prepare(new ClusterNet(Epochs: 30, BatchSize: 4), Plots);
        foreach (var plot in Plots)
        {
            int[] order = [.. Enumerable.Range(0, plot.Points.Count)];
            new Chance(7).Shuffle(order.AsSpan());
            var expected = model.Predict([plot])[0].Clusters;
            var moved = model.Predict([plot with { Points = [.. order.Select(at => plot.Points[at])] }])[0].Clusters;
            Assert.Equal(order.Select(at => expected[at]), moved);
        }
        Assert.Contains(Plots, plot => model.Predict([plot])[0].Clusters.Distinct().Count() > 1);
    }

    [Fact]
    public void It_keeps_the_contract() => FamilyContract.Of(Benchmark, Small, new(Plots[..4], Plots[4..]), Plots[4..])
        .Varying("slots", 4).Varying("turns", false).Varying("epochs", 1).Varying("batchSize", 2).Varying("learningRate", 1e-2).Check();

    [Fact]
    public void Plots_that_nothing_can_be_learnt_from_are_refused()
    {
        Assert.Contains("no plots", Refusal([]), StringComparison.Ordinal);
        Assert.Contains($"{Plots[0].Name} has no annotations", Refusal([Plots[0] with { Annotations = [] }]), StringComparison.Ordinal);
        Assert.Contains("has 2 labels for 96 points", Refusal([Plots[0] with { Annotations = [[0, 1]] }]), StringComparison.Ordinal);
        using var model = Prepare(Small, Plots);
        Assert.Contains("The plot empty has no points",
            Assert.Throws<HarnessException>(() => model.Predict([new("empty", [], [])])).Message, StringComparison.Ordinal);
        Assert.Contains("point 0 has 3 coordinates",
            Assert.Throws<HarnessException>(() => model.Predict([new("solid", [[1, 2, 3]], [])])).Message, StringComparison.Ordinal);
        Assert.Equal([0], model.Predict([new("one", [[1, 2]], [])])[0].Clusters.Select(_ => 0));
    }

    static string Refusal(AnnotatedPlot[] plots) => Assert.Throws<TrainingFailedException>(() => Prepare(Small, plots)).Message;

    static IModel<AnnotatedPlot, PlotPartition> Prepare(ClusterNet family, AnnotatedPlot[] plots) =>
        family.Prepare(new(plots, plots), new(1, 1, new(Path.GetTempPath()), new ManualTime(), new RecordingProgress<TrainingPoint>(),
            TestContext.Current.CancellationToken));
}
