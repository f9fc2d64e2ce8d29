using Harness.Datasets;
using Harness.Datasets.Images;
using Harness.Spiking.Counting;
using Harness.Testing;
using Harness.Torch;
using Suites.SpikingTransformers.Families.Continual;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Metrics;
using Suites.SpikingTransformers.Networks.Continual;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Temporal.Tests;

public sealed class ContinualTests
{
    static readonly ContinualSnn Small = new(Hidden: 40, BatchSize: 8, Epochs: 20, First: new(6, 6, 6), Next: new(5, 5, 5), Remembered: 40);

    public ContinualTests() => TorchSession.Begin(1, 1);

    // By plain loops over steps in PyTorch 1.13, in float64: a network 5-6-6-3 whose weights and inputs are sines, four samples.
    [Theory]
    [InlineData(CreditRule.Bptt, 4, 4, 1, 1.46401322, 4.54967813, 0.62594256, 1.52591893)]
    [InlineData(CreditRule.Ottt, 4, 4, 1, 1.48884799, 4.71591269, 0.85181547, 1.61277163)]
    [InlineData(CreditRule.Dsr, 20, 1, 20, 3.50404908, 36.94373000, 14.89376240, 11.71043142)]
    public void Gradients_are_those_of_an_independent_simulation(CreditRule rule, int steps, double gain, double scale, double loss,
        params double[] sizes)
    {
        using var network = Sines(rule, steps, gain);
        var lesson = network.Learn(tensor(Enumerable.Range(0, 20).Select(at => (float)(scale * Math.Cos(0.7 * (at / 5) + 1.1 * (at % 5))))
            .ToArray()).view(4, 5), tensor(new[] { 0L, 1, 2, 1 }));
        Assert.Equal(loss, lesson.Loss, 1e-5);
        foreach (var (credit, size) in lesson.Credits.Zip(sizes))
            Assert.Equal(size, credit.Of(credit.Before).abs().sum().item<float>(), 1e-4 * size);
        if (rule == CreditRule.Dsr)
            Assert.Equal([12.604, 1.697], lesson.Others.Select(other => Math.Round(other.Gradient.item<float>(), 3)));
    }

    [Fact]
    public void Lateral_neurons_learn_the_principal_subspace_and_then_what_it_leaves()
    {
        // Rows of falling variance along random axes; PCA of the same batch says how much three directions can hold.
        var axes = linalg.qr(randn(10, 10)).Q;
        var rows = (randn(400, 10) * tensor(new[] { 3f, 2.5f, 2, 0.4f, 0.35f, 0.3f, 0.2f, 0.1f, 0.1f, 0.1f })).matmul(axes.t());
        using var lateral = new LateralSubspace(10, 0.01, null);
        lateral.Grow(3);
        for (var batch = 0; batch < 400; batch++) lateral.Learn(rows);
        var first = lateral.Directions;
        AssertOrthonormal(first);
        var best = linalg.eigvalsh(rows.t().matmul(rows)).flip(0);
        Assert.True(Held(rows, first) >= 0.95 * best[..3].sum().item<float>());
        lateral.Grow(2);
        Assert.True(Held(lateral.Without(rows), first) < 1e-2 * Held(rows, first));
        for (var batch = 0; batch < 4000; batch++) lateral.Learn(rows);
        AssertOrthonormal(lateral.Directions);
        Assert.True(Held(rows, lateral.Directions) >= 0.95 * best[..5].sum().item<float>());
        Assert.Equal(first.data<float>().ToArray(), lateral.Directions[..3].contiguous().data<float>().ToArray());
    }

    [Fact]
    public void Spiking_lateral_neurons_answer_in_steps()
    {
        using var lateral = new LateralSubspace(4, 0.01, levels: 10);
        lateral.Grow(1);
        var row = lateral.Directions * 3.3;
        lateral.Grow(1);
        // 3.3 is between the levels 2 and 4, nearer to 4.
        Assert.Equal(0.7, lateral.Without(row).norm().item<float>(), 1e-5);
    }

    [Fact]
    public void More_directions_than_inputs_are_refused()
    {
        using var lateral = new LateralSubspace(10, 0.01, null);
        lateral.Grow(6);
        Assert.Contains("10 inputs cannot keep 11", Assert.Throws<TrainingFailedException>(() => lateral.Grow(5)).Message, default);
    }

    [Fact]
    public void Projected_gradients_change_nothing_about_earlier_activity_and_keep_no_more_than_they_must()
    {
        var rows = randn(200, 8) * tensor(new[] { 3f, 2, 1, 0.5f, 0.2f, 0.1f, 0.1f, 0.05f });
        using var projection = new GradientProjection(0.95);
        projection.End([Lesson(rows)]);
        var kept = projection.Directions(0)!;
        AssertOrthonormal(kept);
        var all = rows.square().sum().item<float>();
        Assert.True(Held(rows, kept) >= 0.95 * all && Held(rows, kept[..^1]) < 0.95 * all);
        var gradient = projection.Gradient(0, new(randn(50, 8), randn(50, 3)));
        Assert.True(gradient.matmul(kept.t()).abs().max().item<float>() < 1e-4);
        // Activity that the kept directions explain adds none.
        var count = kept.shape[0];
        projection.End([Lesson(rows.matmul(kept.t()).matmul(kept))]);
        Assert.Equal(count, projection.Directions(0)!.shape[0]);
        projection.End([Lesson(rows.flip(1))]);
        Assert.True(projection.Directions(0)!.shape[0] > count);
        AssertOrthonormal(projection.Directions(0)!);
    }

    [Fact]
    public void Weights_are_held_by_the_squares_of_single_gradients()
    {
        using var network = Sines(CreditRule.Bptt, 4, 4);
        using var elastic = new ElasticWeights(network, strength: 7);
        // Two samples of two steps each: the gradient of a sample is that of the sum over its steps.
        var (before, behind) = (randn(4, 5), randn(4, 6));
        elastic.End([new(0, 2, [new(before, behind)], [])]);
        var squares = Enumerable.Range(0, 2).Select(sample => (behind[sample].outer(before[sample])
            + behind[sample + 2].outer(before[sample + 2])) * 2).Aggregate(zeros(6, 5), (sum, one) => sum + one.square()) / 2;
        var silent = new Credit(zeros(1, 5), zeros(1, 6));
        Assert.Equal(0, elastic.Gradient(0, silent).abs().max().item<float>(), 1e-4);
        using (no_grad()) network.Weights[0].add_(0.5);
        var pull = elastic.Gradient(0, silent);
        Assert.True((pull - squares * 3.5).abs().max().item<float>() < 1e-2 * squares.max().item<float>());
    }

    [Fact]
    public void What_is_projected_or_replayed_is_not_forgotten()
    {
        var (none, hlop) = (Scores(ContinualMethod.None), Scores(ContinualMethod.Hlop));
        Assert.True(none.Transfer < -0.05, $"nothing is forgotten without a method: {none}");
        foreach (var method in new[] { ContinualMethod.Hlop, ContinualMethod.Gpm, ContinualMethod.Replay, ContinualMethod.Joint })
        {
            var scores = Scores(method);
            Assert.True(scores.Transfer > none.Transfer / 2, $"{method}: {scores}, none: {none}");
            Assert.True(scores.Learning > none.Learning - 0.1, $"{method} does not learn: {scores}, none: {none}");
        }
        Assert.True(hlop.Accuracy > none.Accuracy, $"{hlop}, none: {none}");
    }

    [Theory]
    [InlineData(CreditRule.Ottt)]
    [InlineData(CreditRule.Dsr)]
    public void Other_credit_rules_learn_too(CreditRule rule)
    {
        var family = Small with { Credit = rule };
        var scores = Scores(family);
        Assert.True(scores.Learning > 0.8, $"{scores}");
    }

    [Fact]
    public void The_table_of_tasks_gives_accuracy_and_transfer()
    {
        // Task 0: right, right, wrong after the three stages; task 1: wrong, right, right; task 2: right at the end, of two samples one.
        (int Task, int Label, int[] Answers)[] rows = [(0, 4, [4, 4, 1]), (1, 2, [0, 2, 2]), (2, 3, [0, 0, 3]), (2, 5, [0, 0, 0])];
        Assert.Equal((0 + 1 + 0.5) / 3, Total(TaskMetric.AverageAccuracy), 1e-12);
        Assert.Equal((1 + 1 + 0.5) / 3, Total(TaskMetric.LearningAccuracy), 1e-12);
        Assert.Equal((-1 + 0) / 2.0, Total(TaskMetric.BackwardTransfer), 1e-12);
        Assert.Contains("after 3: 0.0 100.0 50.0", TaskMatrix.Draw([.. rows.Select(row => Of(row.Task, row.Label))],
            [.. rows.Select(row => new StagedPrediction(row.Answers))])[0].Caption, default);
        var wrong = Assert.Throws<ArgumentException>(() => TaskMetric.AverageAccuracy.Begin().Add(Of(2, 0), new([1, 2])));
        Assert.Contains("task 2", wrong.Message, default);

        double Total(TaskMetric metric)
        {
            var tally = metric.Begin();
            foreach (var (task, label, answers) in rows) tally.Add(Of(task, label), new(answers));
            return tally.Total();
        }

        static TaskImage Of(int task, int label) => new(new(new byte[1], 1, 1, 1, label), task);
    }

    [Fact]
    public void The_family_keeps_its_contract_and_every_knob_is_real()
    {
        var benchmark = (Benchmark<TaskImage, StagedPrediction>)SpikingTransformersSuite.Create().Benchmarks
            .Single(one => one.Id == "continual");
        var quick = Small with { Epochs = 2, Hidden = 30 };
        ContinualSnn With(ContinualMethod method) => quick with { Method = method };
        FamilyContract.Of(benchmark, quick, new(Tasks(16, 1, 5), Tasks(6, 2, 5)), Tasks(6, 3, 5))
            .Varying("gain", 6.0).Comparing("lateralLevels", quick, quick with { LateralLevels = 3 })
            .Comparing("energy", With(ContinualMethod.Gpm), With(ContinualMethod.Gpm) with { Energy = 0.3 })
            .Comparing("strength", With(ContinualMethod.Ewc), With(ContinualMethod.Ewc) with { Strength = 10 })
            .Comparing("remembered", With(ContinualMethod.Replay), With(ContinualMethod.Replay) with { Remembered = 4 })
            .Comparing("fewer", quick with { Next = new(3, 3, 3) }, quick with { Next = new(3, 3, 3), Fewer = 1 })
            .Check();
    }

    static (double Accuracy, double Transfer, double Learning) Scores(ContinualMethod method) => Scores(Small with { Method = method });

    static (double Accuracy, double Transfer, double Learning) Scores(ContinualSnn family)
    {
        var test = Tasks(30, 3);
        using var model = family.Prepare(new(Tasks(60, 1), []), Runs.Context());
        var predictions = model.Predict(test);
        double Total(TaskMetric metric)
        {
            var tally = metric.Begin();
            foreach (var (sample, prediction) in test.Zip(predictions)) tally.Add(sample, prediction);
            return tally.Total();
        }
        return (Total(TaskMetric.AverageAccuracy), Total(TaskMetric.BackwardTransfer), Total(TaskMetric.LearningAccuracy));
    }

    // Tasks, in each of which four classes are blurred patterns of their own.
    static TaskImage[] Tasks(int perTask, int seed, int tasks = 4)
    {
        var chance = new SampleOrder(seed);
        return [.. Enumerable.Range(0, tasks * perTask).Select(index =>
        {
            var (task, label) = (index / perTask, index % 4);
            var pattern = new SampleOrder(100 + 4 * task + label);
            var pixels = Enumerable.Range(0, 36).Select(_ => (byte)(pattern.Below(2) * 110 + chance.Below(140))).ToArray();
            return new TaskImage(new(pixels, 1, 6, 6, label), task);
        })];
    }

    static SpikingStack Sines(CreditRule rule, int steps, double gain)
    {
        var network = SpikingStack.Of(new(5, 6, 2, 3, steps, gain, rule), new OperationLedger());
        using var mode = no_grad();
        foreach (var (layer, weight) in network.Weights.Index())
        {
            var inputs = (int)weight.shape[1];
            using var values = tensor(Enumerable.Range(0, (int)weight.numel())
                .Select(at => (float)(0.9 * Math.Sin(1 + 1.3 * (at / inputs) + 2.7 * (at % inputs) + 5 * layer))).ToArray());
            weight.copy_(values.view(weight.shape));
        }
        return network;
    }

    static Lesson Lesson(Tensor rows) => new(0, (int)rows.shape[0], [new(rows, zeros(rows.shape[0], 1))], []);

    static double Held(Tensor rows, Tensor directions) => rows.matmul(directions.t()).square().sum().item<float>();

    static void AssertOrthonormal(Tensor directions) =>
        Assert.True((directions.matmul(directions.t()) - eye(directions.shape[0])).norm().item<float>() < 0.05);
}
