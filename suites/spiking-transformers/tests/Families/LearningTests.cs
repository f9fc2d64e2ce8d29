using Harness.Datasets;
using Harness.Datasets.Sources;
using Suites.SpikingTransformers.Families;
using Suites.SpikingTransformers.Learning;

namespace Suites.SpikingTransformers.Tests.Families;

/// <summary>Each family learns real digits: 2000 of them, for a few seconds, on one thread.</summary>
public sealed class LearningTests
{
    const int TrainingSize = 2000;
    const int OtherSize = 500;

    static readonly Lazy<Task<(TrainingData<LabeledImage> Data, LabeledImage[] Test)>> Digits = new(Read);

    [Fact]
    public Task Logistic_regression_learns_digits() => Learns(new LogisticRegression(), 0.83);

    [Fact]
    public Task The_spiking_perceptron_learns_digits() => Learns(new LifMlp(Hidden: 128,
        Training: Short(new LifMlp().Training, 8, 32)), 0.88);

    [Fact]
    public Task Spikformer_learns_digits() => Learns(new Spikformer(Width: 32, Depth: 1, Steps: 2,
        Training: Short(new Spikformer().Training, 4, 20)), 0.6);

    [Fact]
    public Task The_vision_transformer_learns_digits() => Learns(new AnnVitTiny(Width: 32, Depth: 1,
        Training: Short(new AnnVitTiny().Training, 4, 20)), 0.8);

    [Fact]
    public void A_network_that_is_silent_at_the_start_is_not_trained()
    {
        var silent = Specimens.LifMlp with { Threshold = 100 };
        var error = Assert.Throws<TrainingFailedException>(() => silent.Prepare(Specimens.Images, Specimens.Context()));
        Assert.Contains("hidden1.lif did not fire", error.Message, StringComparison.Ordinal);
    }

    static Recipe Short(Recipe recipe, int epochs, int batchSize) => recipe with { Epochs = epochs, BatchSize = batchSize };

    static async Task Learns(IModelFamily<LabeledImage, ClassPrediction> family, double least)
    {
        var (data, test) = await Available();
        using var model = family.Prepare(data, Specimens.Context());
        var predictions = model.Predict([.. test.Select(image => image with { Label = -1 })]);
        var accuracy = predictions.Zip(test).Count(pair => pair.First.Label == pair.Second.Label) / (double)test.Length;
        Assert.InRange(accuracy, least, 1);
    }

    static async Task<(TrainingData<LabeledImage> Data, LabeledImage[] Test)> Available()
    {
        try
        {
            return await Digits.Value;
        }
        catch (DataUnavailableException missing)
        {
            Assert.Skip($"no mnist here: {missing.Message}");
            throw;
        }
    }

    static async Task<(TrainingData<LabeledImage> Data, LabeledImage[] Test)> Read()
    {
        DataSources.Use(DataSources.FromEnvironment() with { Offline = true });
        var cache = Directory.CreateTempSubdirectory("mnist-");
        try
        {
            var mnist = new Mnist();
            await mnist.FetchAsync(cache, CancellationToken.None);
            return (new([.. mnist.Read(cache, Split.Train).Take(TrainingSize)], [.. mnist.Read(cache, Split.Validation).Take(OtherSize)]),
                [.. mnist.Read(cache, Split.Test).Take(OtherSize)]);
        }
        finally
        {
            cache.Delete(recursive: true);
        }
    }
}
