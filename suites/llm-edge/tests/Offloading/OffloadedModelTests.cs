using System.Text;
using Harness.Datasets;
using Harness.Datasets.Text;
using Harness.Testing;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Metrics;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Offloading.Policies;
using Suites.LlmEdge.Offloading.Running;
using Suites.LlmEdge.Tests.Models;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Tests.Offloading;

using Decoder = Suites.LlmEdge.Decoding.Decoder;

/// <summary>
/// The acceptance of the card on a model that a test can afford: random weights, but gates that few tokens open and logits that depend on
/// what they let through. Its texts are its own, so that its perplexity is low.
/// </summary>
public sealed class OffloadedModelTests : IDisposable
{
    static readonly ModelShape Shape = RandomModels.Small with { Hidden = 192, Gating = Gating.Reglu };

    readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory();

    // (i) and (iv) with no predictor in between.
    [Theory]
    [InlineData(Gating.Reglu)]
    [InlineData(Gating.Drelu)]
    public void The_oracle_changes_no_perplexity(Gating gating)
    {
        var report = Run(new(OffloadingPolicy.Pipelined), new(NeuronChoice.Oracle), gating);
        Assert.Equal(report.Offloading!.Open, report.Offloading.Foreseen);
        Assert.Equal(0, Metric("perplexity-increase", report), 1e-4);
        Assert.InRange(Metric("active-neurons", report), 0.02, 0.3);
    }

    // (iv), and (vi): its mutation.
    [Fact]
    public void A_predictor_of_high_recall_costs_little_perplexity_and_a_shuffled_one_much()
    {
        var options = new OffloadingOptions(OffloadingPolicy.NeuronLoads);
        var own = Run(options, new(NeuronChoice.Predicted, Rank: 32, Recall: 0.99, Epochs: 12, Tokens: 2048));
        var shuffled = Run(options, new(NeuronChoice.Shuffled, Rank: 32, Recall: 0.99, Epochs: 12, Tokens: 2048));
        Assert.True(Metric("predictor-recall", own) >= 0.97, $"recall {Metric("predictor-recall", own)}");
        Assert.InRange(Metric("perplexity-increase", own), -0.01, 0.01);
        Assert.True(Metric("perplexity-increase", shuffled) > 0.05, $"shuffled {Metric("perplexity-increase", shuffled)}");
        Assert.InRange((double)shuffled.Offloading!.Asked / own.Offloading!.Asked, 0.7, 1.3);
    }

    // (ii) and (iii) in the small.
    [Fact]
    public void Every_step_of_the_ablation_is_faster_and_the_cap_is_kept()
    {
        var rates = new List<double>();
        foreach (var policy in new[] { OffloadingPolicy.DenseStreaming, OffloadingPolicy.NeuronLoads, OffloadingPolicy.Cached,
            OffloadingPolicy.Bundled, OffloadingPolicy.Pipelined })
        {
            var report = Run(new(policy, Cap: 0.5, RowScale: 32, Cluster: 8), new(Rank: 16, Recall: 0.9, Epochs: 12, Tokens: 2048));
            rates.Add(Metric("virtual-decode-rate", report));
            Assert.InRange(report.Offloading!.HeldBytes, 1, report.Offloading.CapBytes);
        }
        for (var i = 1; i < rates.Count; i++) Assert.True(rates[i] > rates[i - 1], string.Join(" ", rates));
    }

    [Fact]
    public void Direct_reads_make_the_same_text()
    {
        var options = new OffloadingOptions(OffloadingPolicy.Bundled, Cap: 0.3);
        (string Text, OffloadingReport Report) Of(bool direct)
        {
            using var model = Model(options with { Direct = direct }, new(NeuronChoice.Oracle), Gating.Reglu, out var texts);
            var prediction = model.Predict(texts)[0];
            return (prediction.Continuation, prediction.Offloading!);
        }
        DirectTests.SkipUnlessSupported(_cache);
        var direct = Of(true);
        Assert.Equal(Of(false).Text, direct.Text);
        Assert.InRange(direct.Report.DirectReads, 1, direct.Report.DirectTokens * Shape.Layers * Shape.Hidden);
        Assert.Equal(0, Of(false).Report.DirectReads);
    }

    [Fact]
    public void Gates_that_are_never_silent_and_caps_without_room_are_refused()
    {
        Assert.Equal("With Swiglu gates no neuron is exactly silent; offloading needs Reglu or Drelu.",
            Assert.Throws<HarnessException>(() => Run(new(), new(), Gating.Swiglu)).Message);
        Assert.StartsWith("A cap of 1", Assert.Throws<HarnessException>(() => Run(new(Cap: 0.01), new(Rank: 64, Tokens: 256))).Message);
    }

    TextPrediction Run(OffloadingOptions options, PredictorOptions predictor, Gating gating = Gating.Reglu)
    {
        using var model = Model(options, predictor, gating, out var texts);
        return model.Predict(texts).Single();
    }

    static double Metric(string id, TextPrediction prediction)
    {
        var tally = OffloadingMetrics.All.Single(metric => metric.Card.Id == id).Begin();
        tally.Add(new(default), prediction);
        return tally.Total();
    }

    OffloadedModel Model(OffloadingOptions options, PredictorOptions predictor, Gating gating, out IReadOnlyList<TextSample> texts)
    {
        var model = Sparse(Shape with { Gating = gating });
        var context = new RunContext(1, 1, _cache, TimeProvider.System, new RecordingProgress<TrainingPoint>(),
            TestContext.Current.CancellationToken);
        texts = [Text(model, 3, 400)];
        return new(OffloadingPreparation.Of(model, new([Text(model, 1, 2048)], [Text(model, 2, 512)]), options, predictor, context),
            options.Direct, 8, 24, context);
    }

    // Every normed input has a large first number, which pulls most gates below zero; few embeddings open few gates far.
    static LanguageModel Sparse(ModelShape shape)
    {
        using var random = RandomModels.Of(shape, seed: 6);
        return ModelCopy.Of(random, (name, matrix) =>
        {
            var values = matrix.Unpacked();
            if (name == "token_embd")
                for (var i = 0; i < values.Length; i++) values[i] = i % matrix.Width == 0 ? 2 : 2 * values[i];
            if (name.EndsWith("ffn_gate", StringComparison.Ordinal))
                for (var i = 0; i < values.Length; i += matrix.Width) values[i] = -0.2f;
            if (name.EndsWith("ffn_down", StringComparison.Ordinal))
                for (var i = 0; i < values.Length; i++) values[i] = i < matrix.Width ? 0 : 2 * values[i];
            if (name.EndsWith("attn_output", StringComparison.Ordinal))
                for (var i = 0; i < values.Length; i++) values[i] = i < matrix.Width ? 0 : 0.1f * values[i];
            if (name == "output")
                for (var i = 0; i < values.Length; i++) values[i] *= 3;
            return (Packing.F32, values);
        });
    }

    // What the model itself writes at temperature 1.
    static TextSample Text(LanguageModel model, ulong seed, int length)
    {
        using var decoder = new Decoder(model, new());
        var (sampler, ids) = (new Sampler(new(1), model.Shape.Vocabulary, seed), new List<int>());
        while (ids.Count < length)
            foreach (var token in decoder.Generate(model, [1, 4 + (int)(seed + (ulong)ids.Count) % 90], sampler, 60)) ids.Add(token);
        return new(Encoding.UTF8.GetBytes(model.Tokenizer.Decode([.. ids.Where(id => id > 2)])));
    }

    public void Dispose() => _cache.Delete(recursive: true);
}
