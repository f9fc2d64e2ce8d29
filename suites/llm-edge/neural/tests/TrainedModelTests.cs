using Harness.Datasets.Text;
using Harness.Testing;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Neural.Learning;

namespace Suites.LlmEdge.Neural.Tests;

public sealed class TrainedModelTests : IDisposable
{
    readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory();

    public void Dispose() => _cache.Delete(recursive: true);

    static DecoderTraining Small { get; } = new(Layers: 1, Width: 16, Heads: 2, Hidden: 24, Context: 16, Steps: 4, BatchSize: 2);

    [Fact]
    public void A_text_that_repeats_is_learnt()
    {
        var (model, curve) = Of(Small with { Width = 32, Steps = 120, BatchSize = 8, LearningRate = 0.01, Context = 32 });
        using var _ = model;
        Assert.Equal(10, curve.Count);
        Assert.InRange(curve[0].Loss, 2.5, 6);
        Assert.InRange(curve[^1].Loss, 0, 1);
        Assert.InRange(curve[^1].Validation!.Value, 0.7, 1);
    }

    [Fact]
    public void The_same_is_trained_once_and_the_curve_says_so()
    {
        var (first, trained) = Of(Small);
        var (second, read) = Of(Small);
        using var a = first;
        using var b = second;
        Assert.All(trained, point => Assert.Null(point.Note));
        Assert.Equal("read, not trained: an earlier run kept these weights", read[^1].Note);
        Assert.Equal(trained.Select(point => (point.Epoch, point.Loss, point.Validation)),
            read.Select(point => (point.Epoch, point.Loss, point.Validation)));
        Assert.Equal(Weights(first), Weights(second));
    }

    [Fact]
    public void Another_seed_text_knob_or_number_of_threads_is_trained_anew()
    {
        Of(Small).Model.Dispose();
        void Trained(DecoderTraining training, int seed = 1, int threads = 1, TextSample[]? texts = null)
        {
            var (model, curve) = Of(training, seed, threads, texts);
            using var _ = model;
            Assert.Null(curve[^1].Note);
        }
        Trained(Small, seed: 2);
        Trained(Small, threads: 2);
        Trained(Small with { LearningRate = 1e-3 });
        Trained(Small, texts: [.. Texts.Training, .. Texts.Training]);
    }

    [Fact]
    public void A_kept_file_that_was_changed_is_not_used()
    {
        Of(Small).Model.Dispose();
        var file = Assert.Single(_cache.GetFiles("*.gguf", SearchOption.AllDirectories));
        var content = File.ReadAllBytes(file.FullName);
        content[^40] ^= 1;
        File.WriteAllBytes(file.FullName, content);
        var (model, curve) = Of(Small);
        using var _ = model;
        Assert.Null(curve[^1].Note);
    }

    [Fact]
    public void What_time_cut_short_is_said_and_not_kept()
    {
        var time = new ManualTime { PerLook = TimeSpan.FromMinutes(1) };
        var (model, curve) = Of(Small with { Steps = 100, Minutes = 3 }, time: time);
        using var _ = model;
        Assert.Contains("of 100 steps: 3 minutes are over", curve[^1].Note);
        Assert.Empty(_cache.GetFiles("*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_text_shorter_than_a_window_is_refused() => Assert.Contains("No text has the 64 bytes of a window",
        Assert.Throws<TrainingFailedException>(() => Of(Small with { Context = 64 }, texts: Texts.Samples)).Message);

    static float[] Weights(LanguageModel model) => [.. model.Layers.SelectMany(layer => layer.Matrices)
        .SelectMany(named => named.Matrix.Unpacked()), .. model.Embedding.Unpacked(), .. model.FinalNorm];

    (LanguageModel Model, IReadOnlyList<TrainingPoint> Curve) Of(DecoderTraining training, int seed = 1, int threads = 1,
        TextSample[]? texts = null, TimeProvider? time = null)
    {
        var progress = new RecordingProgress<TrainingPoint>();
        var model = TrainedModel.Of(training, new(texts ?? Texts.Training, Texts.Training), new(seed, threads, _cache,
            time ?? new ManualTime(), progress, TestContext.Current.CancellationToken));
        return (model, progress.Reports);
    }
}
