using Harness.Datasets;
using Harness.Datasets.Clustering;
using Harness.Testing;
using Suites.Clustering.Episodes;
using Suites.Clustering.Families.FewShot;
using Suites.Clustering.Metrics;

namespace Suites.Clustering.Tests.Episodes;

public sealed class FewShotTests
{
    // The curls, first their points 0, 20 and 40 as support of one class each.
    static readonly PointTable Curls = PointTable.ForTraining(
        [.. Points.Curls.Index().OrderBy(entry => (entry.Index % 20 != 0, entry.Index)).Select(entry => entry.Item)]);

    // A second implementation with numpy 1.24.2, written from the equations: labels of the queries and the energy of the last turn.
    [Theory]
    [InlineData(ClassPrototype.Mean, 0, "000000000000000000010011111111011111111122222111122222111", 176.3246673447129)]
    [InlineData(ClassPrototype.Mean, 0.7, "000000000000000000010011111111011111111122222111122222111", 99.44137480940418)]
    [InlineData(ClassPrototype.Mean, 2, "000000000000000000010011111111011111111122222111122222111", -44.497950430228514)]
    [InlineData(ClassPrototype.Mode, 0, "000000000000000000010011111111001111112122221122222222122", -7.908175467945317)]
    [InlineData(ClassPrototype.Mode, 0.7, "000000000000000000010001111111001111112100000122100000122", -39.91082721453091)]
    [InlineData(ClassPrototype.Mode, 2, "000000000000000000010001111111001111112100000122100000122", -204.5559294803454)]
    public void Labels_and_energy_are_those_of_a_second_implementation(ClassPrototype prototype, double smoothness, string expected,
        double energy)
    {
        var clustering = new LaplacianClustering(Curls, [0, 1, 2], 3, prototype, smoothness, 3, descend: false);
        Assert.Equal(expected, string.Concat(clustering.Solve().Classes[3..]));
        Assert.Equal(energy, clustering.Energies[^1], 1e-6 * Math.Abs(energy));
    }

    // 600 tasks are those of plan `few-shot`; these are their first 40.
    [Fact]
    public void Clusters_of_a_task_beat_means_of_its_support_and_smooth_labels_beat_clusters()
    {
        LaplacianShot slk = new(), kMeans = new(ClassPrototype.Mean, 0);
        var (inductive, clusters, smooth) = (Accuracy(new NearestPrototype(), 40), Accuracy(kMeans, 40), Accuracy(slk, 40));
        Assert.InRange(clusters, inductive + 0.03, 1);
        Assert.InRange(smooth, clusters, 1);
    }

    [Theory]
    [InlineData(ClassPrototype.Mean)]
    [InlineData(ClassPrototype.Mode)]
    public void Where_only_descent_is_taken_no_energy_rises(ClassPrototype prototype)
    {
        var features = FeatureMap.Of(FeatureForm.Centered, Tasks(Split.Train, 5));
        foreach (var task in Tasks(Split.Test, 8))
        {
            var clustering = new LaplacianClustering(features.Apply(task), [.. task.Support], 5, prototype, 0.7, 3, descend: true);
            clustering.Solve();
            foreach (var energies in clustering.Updates.Append(clustering.Energies))
                Assert.All(energies.Zip(energies.Skip(1)), pair => Assert.True(pair.Second <= pair.First));
        }
    }

    [Fact]
    public void Both_families_keep_the_contract()
    {
        var data = new TrainingData<FewShotTask>(Tasks(Split.Train, 3), []);
        var benchmark = (Benchmark<FewShotTask, TaskPrediction>)ClusteringSuite.Create().Benchmarks[1];
        FamilyContract.Of(benchmark, new NearestPrototype(), data, Tasks(Split.Test, 4)).Check();
        FamilyContract.Of(benchmark, new LaplacianShot(), data, Tasks(Split.Test, 4)).Varying("smoothness", 5.0).Varying("neighbors", 9)
            .Check();
    }

    [Fact]
    public void A_task_that_is_none_is_refused()
    {
        var train = new TrainingData<FewShotTask>([Task(0, 1, 2)], []);
        var context = new RunContext(1, 1, new(Path.GetTempPath()), new ManualTime(), new RecordingProgress<TrainingPoint>(), default);
        var model = new LaplacianShot().Prepare(train, context);
        Assert.Contains("feature 0; features must be finite",
            Assert.Throws<HarnessException>(() => model.Predict([Task(0, float.NaN, 1)])).Message, StringComparison.Ordinal);
        Assert.Contains("must name every class",
            Assert.Throws<HarnessException>(() => model.Predict([Task(0, 1, 2) with { Support = [1] }])).Message, StringComparison.Ordinal);
        Assert.Throws<TrainingFailedException>(() => new NearestPrototype().Prepare(new([], []), context));
        // All points equal, one class: the answer is that class.
        Assert.Equal([0, 0], Assert.Single(model.Predict([Task(1, 1, 1)])).Classes);

        static FewShotTask Task(params float[] points) =>
            new([.. points.Select(value => (ReadOnlyMemory<float>)new[] { value })], [0], [-1, -1]);
    }

    static double Accuracy(IModelFamily<FewShotTask, TaskPrediction> family, int count)
    {
        var (tasks, tally) = (Tasks(Split.Test, count), new TaskAccuracy().Begin());
        var context = new RunContext(1, 1, new(Path.GetTempPath()), new ManualTime(), new RecordingProgress<TrainingPoint>(),
            TestContext.Current.CancellationToken);
        var predictions = family.Prepare(new(Tasks(Split.Train, 10), []), context).Predict(tasks);
        foreach (var (task, prediction) in tasks.Zip(predictions)) tally.Add(task, prediction);
        return tally.Total();
    }

    static readonly Lazy<IReadOnlyList<FewShotTask>> Training = new(() => Points.ReadOrSkip(FewShotTasks.MnistOneShot, Split.Train));
    static readonly Lazy<IReadOnlyList<FewShotTask>> Test = new(() => Points.ReadOrSkip(FewShotTasks.MnistOneShot, Split.Test));

    static IReadOnlyList<FewShotTask> Tasks(Split split, int count) =>
        [.. (split == Split.Train ? Training : Test).Value.Take(count)];
}
