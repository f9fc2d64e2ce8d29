using Harness.Datasets;
using Harness.Testing;
using Suites.Clustering.Ambiguity;
using Suites.Clustering.Annotations;
using Suites.Clustering.Families.Annotations;
using Suites.Clustering.Metrics;
using Suites.Clustering.Metrics.Annotations;

namespace Suites.Clustering.Tests.Annotations;

public sealed class AnnotationTests
{
    static readonly int[][] Group =
        [[0, 0, 0, 1, 1, 1, 2, 2, 2, 2], [0, 0, 0, 1, 1, 1, 1, 1, 2, 2], [0, 0, 1, 1, 1, 1, 2, 2, 2, 2]];

    static readonly int[] Partition = [0, 0, 0, 1, 1, 2, 2, 2, 2, 3];

    static Benchmark<AnnotatedPlot, PlotPartition> Benchmark { get; } =
        ClusteringSuite.Create().Benchmarks.OfType<Benchmark<AnnotatedPlot, PlotPartition>>().Single();

    static AnnotatedPlot[] Plots => [.. AnnotatedPlots.Small.Read(new("."), Split.Test)];

    // numpy 1.24.2, pairs as subjects and the formula of Vanbelle and Albert for two groups; scikit-learn 1.2.1, cohen_kappa_score of the
    // pairs and adjusted_rand_score, which are equal.
    [Fact]
    public void Kappa_is_that_of_pairs_as_subjects_and_for_a_group_of_one_that_of_Cohen()
    {
        Assert.Equal(0.4, Kappa(Group, Partition), 1e-12);
        Assert.Equal(0.52, Kappa([Group[0]], Partition), 1e-12);
        Assert.Equal(0.4375, Kappa([Group[1]], Partition), 1e-12);
        Assert.Equal(0.2451612903225806, Kappa([Group[2]], Partition), 1e-12);
        Assert.Equal(0.40088709677419354, Score(new AnnotatorRandIndex(), Group, Partition), 1e-12);
    }

    [Fact]
    public void Kappa_is_1_with_a_group_of_one_mind_0_by_chance_and_below_1_where_the_group_disagrees()
    {
        Assert.Equal(1, Kappa([Partition, Partition], [.. Partition.Select(cluster => 7 - cluster)]), 1e-12);
        Assert.Equal(0, Kappa(Group, new int[10]), 1e-12);
        Assert.Equal(1, Kappa([new int[10], new int[10]], new int[10]));
        Assert.InRange(Kappa(Group, Group[0]), 0.5, 0.99);
        Assert.True(Kappa(Group, Group[0]) > Kappa(Group, Partition));
    }

    [Fact]
    public void Kappa_of_several_plots_is_their_mean()
    {
        var tally = new GroupKappa().Begin();
        tally.Add(Plot(Group), new(Partition));
        tally.Add(Plot(Group), new(new int[10]));
        Assert.Equal(0.2, tally.Total(), 1e-12);
    }

    [Fact]
    public void Annotators_agree_about_what_is_clear_and_not_about_what_is_not()
    {
        var chance = new Chance(1);
        double[][] clear = [.. Enumerable.Range(0, 150)
            .Select(at => new[] { at % 3 * 20 + chance.Normal(), at % 3 * 7 + chance.Normal() })];
        var annotations = SimulatedAnnotators.Of("clear", clear, chance, TestContext.Current.CancellationToken);
        Assert.Equal(5, annotations.Count);
        foreach (var labels in annotations)
            Assert.Equal(1, AdjustedRandIndex.Of(Contingency.Of([.. Enumerable.Range(0, 150).Select(at => at % 3)], labels, "points")));
        double[][] blurred = [.. clear.Select((point, at) => new[] { point[0] - at % 3 * 17, point[1] - at % 3 * 7 })];
        annotations = SimulatedAnnotators.Of("blurred", blurred, chance, TestContext.Current.CancellationToken);
        Assert.True(annotations.Select(labels => Kappa([labels.ToArray()], [.. annotations[0]])).Min() < 0.9);
    }

    [Fact]
    public void A_set_is_the_same_each_time_and_every_point_has_a_cluster_of_at_most_ten()
    {
        var (plots, again) = (Plots, Plots);
        Assert.Equal(AnnotatedPlots.Small.Card.Counts[Split.Test], plots.Length);
        foreach (var (plot, other) in plots.Zip(again))
        {
            Assert.Equal(plot.Points.SelectMany(point => point), other.Points.SelectMany(point => point));
            Assert.Equal(plot.Annotations.SelectMany(labels => labels), other.Annotations.SelectMany(labels => labels));
            Assert.All(plot.Annotations, labels => Assert.Equal(96, labels.Count));
            Assert.All(plot.Annotations.SelectMany(labels => labels), label => Assert.InRange(label, 0, Annotator.MostClusters - 1));
        }
        Assert.DoesNotContain(AnnotatedPlots.Small.Read(new("."), Split.Train), plot =>
            plots.Any(test => test.Points[0].SequenceEqual(plot.Points[0])));
    }

    [Fact]
    public void Strays_and_small_clusters_join_the_nearest_that_stays()
    {
        var line = new PointTable([0, 0, 1, 0, 2, 0, 5, 0, 6, 0, 9, 0, 3, 0], 7, 2);
        Assert.Equal([0, 0, 0, 1, 1, 1, 0], Strays.Joined(line, [4, 4, 4, 2, 2, 7, -1], smallest: 2, most: 10));
        Assert.Equal(new int[7], Strays.Joined(line, [4, 4, 4, 2, 2, 7, -1], smallest: 2, most: 1));
        Assert.Equal(new int[7], Strays.Joined(line, [-1, -1, -1, -1, -1, -1, -1], smallest: 1, most: 10));
    }

    [Fact]
    public void Families_are_not_shown_what_annotators_of_a_test_plot_say() => Assert.Empty(Benchmark.Withhold(Plots[0]).Annotations);

    [Fact]
    public void Families_keep_the_contract()
    {
        var plots = Plots[..4];
        FamilyContract.Of(Benchmark, new PlotAlgorithm(), new([], []), plots).Varying("algorithm", EnsembleAlgorithm.Hdbscan).Check();
        FamilyContract.Of(Benchmark, new TypicalAnnotator(), new([], []), plots).Varying("rule", AnnotatorRule.Gaps).Check();
    }

    [Fact]
    public void Every_algorithm_and_rule_answers_plots_of_one_and_of_equal_points()
    {
        IModelFamily<AnnotatedPlot, PlotPartition>[] families =
        [
            .. Enum.GetValues<EnsembleAlgorithm>().Select(algorithm => new PlotAlgorithm(algorithm)),
            .. Enum.GetValues<AnnotatorRule>().Select(rule => new TypicalAnnotator(rule)),
        ];
        foreach (var family in families)
        {
            Assert.Equal([0], Ask(family, [[1, 2]]));
            Assert.Equal([0, 0, 0], Ask(family, [[1, 2], [1, 2], [1, 2]]));
        }
    }

    [Fact]
    public void What_is_no_plot_is_refused()
    {
        foreach (var family in Benchmark.Families)
        {
            Assert.Contains("The plot bad has no points", Refusal(family, []), StringComparison.Ordinal);
            Assert.Contains("point 0 has 3 coordinates", Refusal(family, [[1, 2, 3]]), StringComparison.Ordinal);
            Assert.Contains("coordinates must be finite", Refusal(family, [[1, double.NaN]]), StringComparison.Ordinal);
        }
        Assert.Contains("9 labels for 10 points", Assert.Throws<HarnessException>(() => Kappa(Group, Partition[1..])).Message,
            StringComparison.Ordinal);
    }

    static string Refusal(IModelFamily<AnnotatedPlot, PlotPartition> family, double[][] points) =>
        Assert.Throws<HarnessException>(() => Ask(family, points)).Message;

    static IReadOnlyList<int> Ask(IModelFamily<AnnotatedPlot, PlotPartition> family, double[][] points)
    {
        var context = new RunContext(1, 1, new(Path.GetTempPath()), new ManualTime(), new RecordingProgress<TrainingPoint>(),
            TestContext.Current.CancellationToken);
        using var model = family.Prepare(new([], []), context);
        return model.Predict([new("bad", points, [])])[0].Clusters;
    }

    static double Kappa(int[][] group, int[] partition) => Score(new GroupKappa(), group, partition);

    static double Score(IMetric<AnnotatedPlot, PlotPartition> metric, int[][] group, int[] partition)
    {
        var tally = metric.Begin();
        tally.Add(Plot(group), new(partition));
        return tally.Total();
    }

    static AnnotatedPlot Plot(int[][] group) => new("plot", [.. group[0].Select(_ => new double[2])], group);
}
