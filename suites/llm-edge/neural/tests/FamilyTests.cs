using Harness.Datasets.Text;
using Harness.Testing;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Neural.Families;
using Suites.LlmEdge.Neural.Learning;
using Suites.LlmEdge.Quantizing.Rounding;

namespace Suites.LlmEdge.Neural.Tests;

public sealed class FamilyTests
{
    static Benchmark<TextSample, TextPrediction> Benchmark { get; } =
        (Benchmark<TextSample, TextPrediction>)NeuralLlmEdgeSuite.Create().Benchmarks.Single(benchmark => benchmark.Id == "texts");

    static DecoderTraining Small { get; } = new(Gating.Reglu, Layers: 1, Width: 32, Heads: 2, Hidden: 32, Context: 32, Steps: 3,
        BatchSize: 4, ClipNorm: 0.1, LearningRate: 0.02, WeightDecay: 1);

    [Fact]
    public void The_byte_decoder_keeps_the_contract()
    {
        var family = new ByteDecoder(Small, Prompt: 4, Generate: 6);
        Contract(family).Varying("training.layers", 2).Varying("training.width", 16).Varying("training.heads", 4)
            .Varying("training.hidden", 48).Varying("training.context", 16).Varying("training.steps", 4).Varying("training.batchSize", 3)
            .Varying("training.learningRate", 0.01).Varying("training.warmup", 0.9).Varying("training.weightDecay", 0.0)
            .Varying("training.clipNorm", 1e-3).Varying("training.gatePenalty", 10.0)
            .Varying("training.minutes", 0.0).Check();
    }

    // Every knob of a quantization is checked with the published story teller.
    [Fact]
    public void The_quantized_decoder_keeps_the_contract() =>
        Contract(new QuantizedDecoder(Small, new(3, RoundingMethod.Nearest, Group: 16))).Sharing("training").Sharing("quantization")
            .Check();

    [Fact]
    public void The_quantization_aware_decoder_keeps_the_contract() =>
        Contract(new QuantizationAwareDecoder(Small, 3, 16, 2)).Sharing("training").Varying("group", 8).Varying("bits", 2)
            .Varying("steps", 3).Varying("learningRate", 0.02).Check();

    [Fact]
    public void The_pruned_byte_decoder_keeps_the_contract()
    {
        var family = new PrunedByteDecoder(Small with { Gating = Gating.Swiglu }, new(Window: 12, Calibration: 4, Written: 1,
            Blocks: new(Steps: 2, Block: 64, Samples: 4, Restarts: 1)));
        Contract(family).Sharing("training").Sharing("pruning").Check();
    }

    [Fact]
    public void The_suite_is_the_plain_one_and_more() =>
        Assert.Equal([.. LlmEdgeSuite.Create().Benchmarks.OfType<Benchmark<TextSample, TextPrediction>>().Single().Families
            .Select(family => family.Card.Id), "byte-decoder", "quantized-decoder", "quantization-aware-decoder", "offloaded-decoder",
                "pruned-byte-decoder"],
            Benchmark.Families.Select(family => family.Card.Id));

    static FamilyContract<TextSample, TextPrediction> Contract(IModelFamily<TextSample, TextPrediction> family) =>
        FamilyContract.Of(Benchmark, family, new(Texts.Training, Texts.Training), Texts.Samples);
}
