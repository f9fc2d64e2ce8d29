using Harness.Datasets.Text;
using Harness.Testing;
using Harness.Torch;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Neural.Families;
using Suites.LlmEdge.Neural.Learning;
using Suites.LlmEdge.Neural.Networks;
using Suites.LlmEdge.Quantizing;
using Suites.LlmEdge.Quantizing.Rounding;
using Suites.LlmEdge.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.LlmEdge.Neural.Tests;

public sealed class QuantizationTrainingTests : IDisposable
{
    readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory();

    public void Dispose() => _cache.Delete(recursive: true);

    [Fact]
    public void Gradients_are_those_of_the_paper()
    {
        TorchSession.Begin(1, 1);
        // 3 bits: Q = 3; the step begins at 2 · 1.3 / √3.
        float[] values = [0.2f, -0.9f, 4, 0.1f];
        using var weights = OwnTensor.Of(values, 1, 4).requires_grad_();
        var grid = new LearnedGrid(weights, 3, 4);
        using var rounded = grid.Of(weights);
        var step = 2 * 1.3 / Math.Sqrt(3);
        Assert.Equal(values.Select(value => step * Math.Round(Math.Clamp(value / step, -3, 3))),
            rounded.data<float>().ToArray().Select(value => (double)value), (a, b) => Math.Abs(a - b) < 1e-5);
        rounded.sum().backward();
        Assert.Equal([1, 1, 1, 1], weights.grad!.data<float>().ToArray());
        var slope = values.Sum(value => Math.Round(value / step) - value / step);
        Assert.Equal(step * slope / Math.Sqrt(4 * 3), grid.Relative.grad!.item<float>(), 1e-5);
    }

    [Fact]
    public void Outside_its_range_a_weight_has_no_gradient_and_a_step_the_whole_range()
    {
        TorchSession.Begin(1, 1);
        using var weights = OwnTensor.Of([10f, 0, 0, 0, 0, 0, 0, 0], 1, 8).requires_grad_();
        var grid = new LearnedGrid(weights, 2, 8);
        using var rounded = grid.Of(weights);
        rounded.sum().backward();
        Assert.Equal([0, 1, 1, 1, 1, 1, 1, 1], weights.grad!.data<float>().ToArray());
        Assert.Equal(2 * 1.25 * 1 / Math.Sqrt(8), grid.Relative.grad!.item<float>(), 1e-5);
    }

    [Fact]
    public void Training_with_rounding_loses_less_than_rounding_after_it()
    {
        var training = new DecoderTraining(Layers: 1, Width: 32, Heads: 2, Hidden: 32, Context: 32, Steps: 120, BatchSize: 8,
            LearningRate: 0.01);
        var context = new RunContext(1, 1, _cache, new ManualTime(), new RecordingProgress<TrainingPoint>(),
            TestContext.Current.CancellationToken);
        using var trained = TrainedModel.Of(training, new(Texts.Training, []), context);
        var (aware, precision) = QuantizationTraining.Of(trained, training with { Steps = 60, LearningRate = 0.005 }, 2, 16,
            new(Texts.Training, []), context);
        using var learned = aware;
        var (after, _) = ModelQuantizing.Of(trained, new(2, RoundingMethod.Nearest, Group: 16), [], context.Cancellation);
        using var rounded = after;
        Assert.True(Loss(learned) < Loss(rounded), $"{Loss(learned)} nats trained so, {Loss(rounded)} rounded after training");
        Assert.Equal(3.0, precision.Layers[learned.Layers[0].Up].BitsPerWeight);
        foreach (var (_, matrix) in learned.Layers[0].Matrices)
            foreach (var group in matrix.Unpacked().Chunk(16)) Assert.InRange(group.Distinct().Count(), 1, 3);
    }

    [Fact]
    public void Weights_that_were_read_are_trained_further_as_those_just_trained()
    {
        IModelFamily<TextSample, TextPrediction> family = new QuantizationAwareDecoder(new(Layers: 1, Width: 16, Heads: 2, Hidden: 32,
            Context: 32, Steps: 20, BatchSize: 4), Group: 16, Steps: 10);
        double Nats(int threadsBefore)
        {
            TorchSession.Begin(7, threadsBefore);
            var context = new RunContext(1, 1, _cache, new ManualTime(), new RecordingProgress<TrainingPoint>(),
                TestContext.Current.CancellationToken);
            using var model = family.Prepare(new(Texts.Training, []), context);
            Assert.Equal(1, TorchThreads.Count);
            return model.Predict(Texts.Training)[0].Nats;
        }
        Assert.Equal(Nats(1), Nats(2));
    }

    static double Loss(LanguageModel model)
    {
        using var decoder = new Decoding.Decoder(model, new());
        return decoder.Score([.. model.Tokenizer.EncodeWhole("the cat sat on the log. the dog").Take(32)]).Loss;
    }
}
