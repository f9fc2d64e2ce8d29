using Harness.Datasets;
using Harness.Testing;
using Harness.Torch;
using Suites.SpikingTransformers.Families;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Tests.Learning;

public sealed class TrainerTests
{
    [Fact]
    public void Training_that_diverges_says_so_and_what_to_do()
    {
        var family = new LogisticRegression(new(Epochs: 50, BatchSize: 8, LearningRate: 1, WeightDecay: 10));
        var error = Assert.Throws<TrainingFailedException>(() => family.Prepare(Specimens.Images, Specimens.Context()));
        Assert.Matches(@"^The loss became (NaN|Infinity) in epoch \d+, step \d+: training diverged; lower the learning rate \(1\) or the "
            + @"weight decay \(10\)\.$", error.Message);
    }

    [Fact]
    public void Parameters_that_are_no_numbers_are_noticed_though_neurons_hide_them_from_the_loss()
    {
        TorchSession.Begin(1, 1);
        using var network = new SpikingPerceptron(Specimens.Side * Specimens.Side, 8, 1, 2, Specimens.Classes, new(), new());
        using (no_grad()) network.get_parameter("hidden1.linear.weight")!.fill_(float.NaN);
        var recipe = new Recipe(1, 16, 0.001, 0);
        var objective = new ClassObjective<LabeledImage>(network, Pixels.Of(Specimens.Images), recipe);
        var trainer = new Trainer<LabeledImage>(network, objective, recipe, Specimens.Context());
        var error = Assert.Throws<TrainingFailedException>(() => trainer.Fit(Specimens.Images));
        Assert.StartsWith("Parameter hidden1.linear.weight holds values that are no numbers after epoch 1", error.Message,
            StringComparison.Ordinal);
    }

    /// <summary>Labels are noise and the rate is high, so that validation goes up and down.</summary>
    [Fact]
    public void The_model_is_the_one_of_the_epoch_that_was_best_on_validation()
    {
        var noise = Specimens.Images with
        {
            Training = [.. Specimens.Images.Training.Select((image, index) => image with { Label = index * 7 % 5 % 3 })],
        };
        var curve = new RecordingProgress<TrainingPoint>();
        using var model = new AnnVitTiny(Width: 16, Depth: 1, Heads: 2,
            Training: new AnnVitTiny().Training with { Epochs = 12, BatchSize = 4, LearningRate = 0.02 })
            .Prepare(noise, Specimens.Context(curve));
        var correct = model.Predict(noise.Validation).Zip(noise.Validation).Count(pair => pair.First.Label == pair.Second.Label);
        var best = curve.Reports.Max(point => point.Validation!.Value);
        Assert.NotEqual(best, curve.Reports[^1].Validation);
        Assert.Equal(best, (double)correct / noise.Validation.Count);
    }

    [Fact]
    public void A_curve_has_one_point_per_epoch_and_loss_falls()
    {
        foreach (var family in Specimens.ImageFamilies.Where(family => family is not MajorityClass))
        {
            var curve = new RecordingProgress<TrainingPoint>();
            using var model = family.Prepare(Specimens.Images, Specimens.Context(curve));
            Assert.Equal([1, 2, 3], curve.Reports.Select(point => point.Epoch));
            Assert.True(curve.Reports[^1].Loss < curve.Reports[0].Loss, $"{family.Card.Id}: {string.Join(", ", curve.Reports)}");
            Assert.All(curve.Reports, point => Assert.InRange(point.Validation!.Value, 0, 1));
        }
    }

    [Fact]
    public void Without_validation_samples_nothing_is_selected_and_nothing_is_claimed()
    {
        var curve = new RecordingProgress<TrainingPoint>();
        using var model = Specimens.LifMlp.Prepare(Specimens.Images with { Validation = [] }, Specimens.Context(curve));
        Assert.All(curve.Reports, point => Assert.Null(point.Validation));
        Assert.Equal(Specimens.TestImages.Count, model.Predict(Specimens.TestImages).Count);
    }

    [Fact]
    public void Cancellation_stops_training_within_a_batch()
    {
        foreach (var family in Specimens.ImageFamilies.Where(family => family is not MajorityClass))
        {
            using var source = new CancellationTokenSource();
            source.Cancel();
            var context = Specimens.Context() with { Cancellation = source.Token };
            Assert.Throws<OperationCanceledException>(() => family.Prepare(Specimens.Images, context));
        }
    }

    [Fact]
    public void Without_training_samples_every_family_says_so()
    {
        foreach (var family in Specimens.ImageFamilies)
            Assert.Contains("no training samples", Assert.Throws<TrainingFailedException>(
                () => family.Prepare(Specimens.Images with { Training = [] }, Specimens.Context())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_withheld_label_in_training_is_refused()
    {
        var withheld = Specimens.Images with { Training = [Specimens.Images.Training[0] with { Label = -1 }] };
        Assert.Contains("label -1", Assert.Throws<TrainingFailedException>(
            () => Specimens.LifMlp.Prepare(withheld, Specimens.Context())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_larger_than_one_pass_is_answered_as_in_small_ones()
    {
        using var model = Specimens.Spikformer.Prepare(Specimens.Images, Specimens.Context());
        LabeledImage[] many = [.. Enumerable.Range(0, 2 * Classifier.BatchSize + 3)
            .Select(index => Specimens.TestImages[index % Specimens.TestImages.Count])];
        var answers = model.Predict(many);
        Assert.Equal(many.Length, answers.Count);
        Assert.Equal(many.Chunk(24).SelectMany(batch => model.Predict(batch)).Select(answer => answer.Label),
            answers.Select(answer => answer.Label));
    }

    [Fact]
    public void The_rate_rises_in_a_line_and_falls_in_a_cosine()
    {
        var recipe = new Recipe(1, 1, LearningRate: 2, WeightDecay: 0, Warmup: 0.1);
        double[] rates = [.. Enumerable.Range(0, 100).Select(step => recipe.RateAt(step, 100))];
        for (var step = 0; step < 10; step++) Assert.Equal(2 * (step + 1) / 11.0, rates[step], 1e-12);
        Assert.Equal(2, rates[10], 1e-12);
        Assert.Equal(1, rates[55], 1e-12);
        Assert.InRange(rates[99], 0, 1e-3);
        Assert.Equal(2, (recipe with { Warmup = 0 }).RateAt(0, 100), 1e-12);
        Assert.True(double.IsFinite((recipe with { Warmup = 1 }).RateAt(99, 100)));
    }

    [Theory]
    [InlineData(1, 1, new[] { 1 })]
    [InlineData(3, 1, new[] { 1, 1, 1 })]
    [InlineData(6, 3, new[] { 3, 3 })]
    [InlineData(7, 3, new[] { 3, 4 })]
    [InlineData(8, 3, new[] { 3, 3, 2 })]
    [InlineData(1, 3, new[] { 1 })]
    [InlineData(2, 3, new[] { 2 })]
    public void A_single_sample_left_over_joins_the_last_batch(int samples, int size, int[] expected)
    {
        var recipe = new Recipe(1, size, LearningRate: 1, WeightDecay: 0);
        int[] order = [.. Enumerable.Range(0, samples)];
        int[][] batches = [.. Enumerable.Range(0, recipe.Batches(samples)).Select(index => order[recipe.Batch(index, samples)])];
        Assert.Equal(expected, batches.Select(batch => batch.Length));
        Assert.Equal(order, batches.SelectMany(batch => batch));
    }

    [Fact]
    public void As_many_threads_compute_as_the_context_says()
    {
        Specimens.LogisticRegression.Prepare(Specimens.Images, Specimens.Context() with { Threads = 2 }).Dispose();
        Assert.Equal(2, TorchThreads.Count);
        Specimens.LogisticRegression.Prepare(Specimens.Images, Specimens.Context()).Dispose();
        Assert.Equal(1, TorchThreads.Count);
    }
}
