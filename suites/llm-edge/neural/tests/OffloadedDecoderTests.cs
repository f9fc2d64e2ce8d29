using Harness.Datasets.Text;
using Harness.Testing;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Neural.Families;
using Suites.LlmEdge.Neural.Learning;
using Suites.LlmEdge.Offloading.Direct;
using Suites.LlmEdge.Offloading.Policies;
using Suites.LlmEdge.Offloading.Running;

namespace Suites.LlmEdge.Neural.Tests;

public sealed class OffloadedDecoderTests
{
    static DecoderTraining Small { get; } = new(Gating.Reglu, Layers: 2, Width: 32, Heads: 2, Hidden: 32, Context: 16, Steps: 3,
        BatchSize: 2, LearningRate: 0.02);

    // Two layers, so that neurons of one push out those of the other; training is checked with the byte decoder.
    [Fact]
    public void The_offloaded_decoder_keeps_the_contract()
    {
        var memory = new OffloadingOptions(Cap: 0.6, Cluster: 4);
        var family = new OffloadedDecoder(Small, memory,
            new(Rank: 8, Tokens: 256, Epochs: 2), Prompt: 4, Generate: 6);
        var windowed = family with
        {
            Memory = memory with { Policy = OffloadingPolicy.Windowed, Cap = 1 },
            Predictor = new(NeuronChoice.Oracle, Tokens: 256),
        };
        var bundled = family with { Memory = memory with { Policy = OffloadingPolicy.Bundled } };
        var contract = Contract(family).Sharing("training").Varying("memory.cap", 0.9).Varying("memory.rowScale", 4)
            .Varying("memory.cluster", 8).Varying("predictor.rank", 16).Varying("predictor.recall", 0.6)
            .Varying("predictor.positiveWeight", 20.0).Varying("predictor.epochs", 5).Varying("predictor.tokens", 512)
            .Varying("memory.policy", [.. Enum.GetValues<OffloadingPolicy>().Where(policy => policy is not (OffloadingPolicy.Resident
                or OffloadingPolicy.Pipelined)).Cast<object?>()])
            .Comparing("memory.window", windowed, windowed with { Memory = windowed.Memory with { Window = 1 } });
        if (DirectReadsWork()) contract = contract.Comparing("memory.direct", bundled,
            bundled with { Memory = bundled.Memory with { Direct = true } });
        contract.Check();
    }

    [Fact]
    public void What_cannot_be_offloaded_is_a_problem_of_the_configuration()
    {
        Assert.Contains("training.gating reglu or drelu", Problems(new(new DecoderTraining())));
        Assert.Contains("prompt at most training.context", Problems(new(Prompt: 4096)));
        Assert.Contains("cap 1 with policy resident", MemoryProblems(new(OffloadingPolicy.Resident)));
        Assert.Contains("policy bundled with direct reads", MemoryProblems(new(Direct: true)));
        Assert.Contains("rows of their own length, bundles read whole, with direct reads",
            MemoryProblems(new(OffloadingPolicy.Bundled, RowScale: 2, Direct: true)));
        Assert.Empty(MemoryProblems(new(OffloadingPolicy.Resident, Cap: 1)));
    }

    static IEnumerable<string?> Problems(OffloadedDecoder family) => family.Validate(new(family)).Select(problem => problem.ErrorMessage);

    static IEnumerable<string?> MemoryProblems(OffloadingOptions options) =>
        options.Validate(new(options)).Select(problem => problem.ErrorMessage);

    static bool DirectReadsWork()
    {
        var file = new FileInfo(Path.GetTempFileName());
        try
        {
            DirectFile.Open(file).Dispose();
            return true;
        }
        catch (HarnessException)
        {
            return false;
        }
        finally
        {
            file.Delete();
        }
    }

    static FamilyContract<TextSample, TextPrediction> Contract(IModelFamily<TextSample, TextPrediction> family) => FamilyContract.Of(
        (Benchmark<TextSample, TextPrediction>)NeuralLlmEdgeSuite.Create().Benchmarks[0], family, new(Texts.Training, Texts.Training),
        Texts.Samples);
}
