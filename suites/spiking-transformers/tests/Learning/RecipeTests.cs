using Harness.Datasets;
using Harness.Testing;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Tests.Learning;

/// <summary>Every knob of the recipe does what it says, on networks small enough to be trained in a moment.</summary>
public sealed class RecipeTests : IDisposable
{
    static readonly Recipe Plain = new(Epochs: 3, BatchSize: 12, LearningRate: 0.01, WeightDecay: 0.1, Warmup: 0.3);

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("recipe-");
    readonly RecordingProgress<TrainingPoint> curve = new();

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>Stopped after an epoch, training goes on to the very bits of training that nothing stopped.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Training_goes_on_from_a_checkpoint_to_the_same_bits(int epoch)
    {
        var recipe = Plain with { Epochs = 4, Mixup = 0.5, ClipNorm = 1 };
        var undisturbed = Trained(recipe, Specimens.Context());
        var file = new FileInfo(Path.Combine(folder.FullName, "state.safetensors"));
        using (var stop = new CancellationTokenSource())
        {
            var stopping = new StoppingProgress(stop, epoch);
            var context = Specimens.Context(stopping) with { Checkpoint = file, Cancellation = stop.Token };
            Assert.ThrowsAny<OperationCanceledException>(() => Trained(recipe, context));
        }
        Assert.True(File.Exists(file.FullName));
        Assert.Equal(undisturbed, Trained(recipe, Specimens.Context(curve) with { Checkpoint = file }));
        Assert.Equal([1, 2, 3, 4], curve.Reports.Select(point => point.Epoch));
        Assert.Equal($"continued after epoch {epoch} from a checkpoint", curve.Reports[epoch].Note);
        Assert.False(File.Exists(file.FullName));
    }

    [Fact]
    public void A_checkpoint_of_other_training_is_refused()
    {
        var file = new FileInfo(Path.Combine(folder.FullName, "state.safetensors"));
        using var stop = new CancellationTokenSource();
        var context = Specimens.Context(new StoppingProgress(stop, 1)) with { Checkpoint = file, Cancellation = stop.Token };
        Assert.ThrowsAny<OperationCanceledException>(() => Trained(Plain, context));
        var error = Assert.Throws<HarnessException>(() =>
            Trained(Plain with { WeightDecay = 0.2 }, Specimens.Context() with { Checkpoint = file }));
        Assert.Contains("is of other training", error.Message, StringComparison.Ordinal);
        Assert.Contains("delete it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_ends_when_validation_gets_no_better()
    {
        // A rate so small that nothing changes: the first epoch stays the best.
        Trained(Plain with { Epochs = 50, LearningRate = 1e-12, Warmup = 0, Patience = 2 }, Specimens.Context(curve));
        Assert.Equal(3, curve.Reports.Count);
        Assert.Equal("ended after epoch 3 of 50: no better validation score for 2 epochs", curve.Reports[^1].Note);
    }

    [Fact]
    public void Patience_without_validation_is_refused()
    {
        var error = Assert.Throws<TrainingFailedException>(() =>
            Trained(Plain with { Patience = 2 }, Specimens.Context(), Specimens.Images with { Validation = [] }));
        Assert.Contains("needs validation samples", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_ends_with_the_epoch_before_the_budget_is_spent()
    {
        // Every look at the clock takes ten seconds, and an epoch has two looks between its ends.
        var time = new ManualTime { PerLook = TimeSpan.FromSeconds(10) };
        Trained(Plain with { Epochs = 50, Minutes = 2 }, Specimens.Context(curve) with { Time = time });
        Assert.InRange(curve.Reports.Count, 2, 8);
        Assert.InRange(curve.Reports[^1].Seconds, 60, 120);
        Assert.Contains("would exceed the budget of 2 minutes", curve.Reports[^1].Note, StringComparison.Ordinal);
        Assert.All(curve.Reports.SkipLast(1), point => Assert.Null(point.Note));
    }

    [Fact]
    public void Gradients_are_shortened_to_the_norm()
    {
        TorchSession.Begin(1, 1);
        using var network = Perceptron();
        Fit(network, Plain with { Epochs = 1, ClipNorm = 1e-3 }, Specimens.Context());
        // The gradient of the last step is still there.
        using var scope = NewDisposeScope();
        var norm = Math.Sqrt(network.parameters().Sum(parameter => (double)parameter.grad!.square().sum().item<float>()));
        Assert.InRange(norm, 0.9e-3, 1.001e-3);
    }

    [Theory]
    [InlineData(0.1, 0.25 / 1.2)]
    [InlineData(1, 0.25 / 3)]
    [InlineData(4, 0.25 / 9)]
    public void Mixing_shares_are_of_the_beta_distribution(double alpha, double variance)
    {
        var chance = new SampleOrder(5);
        double[] shares = [.. Enumerable.Range(0, 20_000).Select(_ => Mixup.Share(alpha, chance))];
        Assert.All(shares, share => Assert.InRange(share, 0, 1));
        Assert.Equal(0.5, shares.Average(), 0.01);
        Assert.Equal(variance, shares.Average(share => Math.Pow(share - 0.5, 2)), 0.005);
    }

    [Fact]
    public void Mixing_lasts_as_many_epochs_as_it_says()
    {
        var never = Trained(Plain, Specimens.Context());
        Assert.NotEqual(never, Trained(Plain with { Mixup = 0.5 }, Specimens.Context()));
        Assert.Equal(never, Trained(Plain with { Mixup = 0.5, MixupEpochs = 0 }, Specimens.Context()));
        Assert.NotEqual(never, Trained(Plain with { Mixup = 0.5, MixupEpochs = 1 }, Specimens.Context()));
    }

    /// <summary>Two steps, two samples, two classes, by hand.</summary>
    [Fact]
    public void The_loss_of_every_step_is_what_deng_et_al_define()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new float[] { 2, 0, 0, 1, 1, 1, 3, -1 }, [2, 2, 2]);
        using var network = new Scripted(logits);
        var objective = new ClassObjective<LabeledImage>(network, Pixels.Of(Specimens.Images), Plain with { StepLoss = 0.25 });
        LabeledImage[] batch = [Specimens.Images.Training[0], Specimens.Images.Training[1]];
        Assert.Equal([0, 1], batch.Select(image => image.Label));
        var loss = objective.Loss(batch, 1, new(1)).item<float>();
        double Entropy(double right, double wrong) => Math.Log(1 + Math.Exp(wrong - right));
        var entropy = (Entropy(2, 0) + Entropy(1, 0) + Entropy(1, 1) + Entropy(-1, 3)) / 4;
        var distance = (1 + 1 + 1 + 0 + 0 + 0 + 4 + 4) / 8.0;
        Assert.Equal(0.75 * entropy + 0.25 * distance, loss, 1e-5);
    }

    [Fact]
    public void A_network_without_steps_refuses_their_loss()
    {
        using var network = new VisionTransformer(new(1, 2, 8, 1, 1, 1), new());
        var error = Assert.Throws<UnsupportedException>(() =>
            new ClassObjective<LabeledImage>(network, Pixels.Of(Specimens.Images), Plain with { StepLoss = 0 }));
        Assert.Contains("no logits of single time steps", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cosine_ends_at_the_final_rate()
    {
        var recipe = Plain with { LearningRate = 1, Warmup = 0, FinalRate = 0.25 };
        Assert.Equal(1, recipe.RateAt(0, 1000), 1e-12);
        Assert.Equal(0.625, recipe.RateAt(500, 1000), 1e-12);
        Assert.Equal(0.25, recipe.RateAt(1000, 1000), 1e-12);
    }

    static SpikingPerceptron Perceptron() => new(Specimens.Side * Specimens.Side, 8, 1, 2, Specimens.Classes, new(), new());

    static string Trained(Recipe recipe, RunContext context, TrainingData<LabeledImage>? data = null)
    {
        TorchSession.Begin(context.Seed, context.Threads);
        using var network = Perceptron();
        Fit(network, recipe, context, data);
        using var scope = NewDisposeScope();
        return string.Join('\n', network.state_dict().Select(entry =>
            $"{entry.Key} {Convert.ToHexString(entry.Value.contiguous().bytes)}"));
    }

    static void Fit(nn.Module<Tensor, Tensor> network, Recipe recipe, RunContext context, TrainingData<LabeledImage>? data = null)
    {
        var objective = new ClassObjective<LabeledImage>(network, Pixels.Of(Specimens.Images, shift: 1), recipe);
        new Trainer<LabeledImage>(network, objective, recipe, context).Fit(data ?? Specimens.Images);
    }

    sealed class StoppingProgress(CancellationTokenSource stop, int epoch) : IProgress<TrainingPoint>
    {
        public void Report(TrainingPoint value)
        {
            if (value.Epoch == epoch) stop.Cancel();
        }
    }

    sealed class Scripted(Tensor logits) : nn.Module<Tensor, Tensor>("scripted"), IStepwise
    {
        public override Tensor forward(Tensor input) => logits.mean([0]);

        public Tensor ForwardSteps(Tensor input) => logits;
    }
}
