using Harness.Datasets;
using Harness.Spiking.Neurons;
using Harness.Testing;
using Suites.SpikingTransformers.Families;
using Suites.SpikingTransformers.Tests.Networks;

namespace Suites.SpikingTransformers.Tests.Families;

public sealed class ContractTests
{
    static readonly Benchmark<LabeledImage, ClassPrediction> ImageBenchmark =
        (Benchmark<LabeledImage, ClassPrediction>)SpikingTransformersSuite.Create().Benchmarks[0];
    static readonly Benchmark<TokenSequence, ClassPrediction> SequenceBenchmark =
        (Benchmark<TokenSequence, ClassPrediction>)SpikingTransformersSuite.Create().Benchmarks[1];

    static readonly Benchmark<FrameSequence, ClassPrediction> SpikeBenchmark =
        (Benchmark<FrameSequence, ClassPrediction>)SpikingTransformersSuite.Create().Benchmarks[2];

    [Fact]
    public void The_majority_class_of_images_keeps_the_contract() => Of(new MajorityClass()).Check();

    [Fact]
    public void The_majority_class_of_sequences_keeps_the_contract() => OfSequences(new MajorityClass()).Check();

    [Fact]
    public void Logistic_regression_on_pixels_keeps_the_contract() => Of(Specimens.LogisticRegression).Check();

    [Fact]
    public void Logistic_regression_on_bags_of_tokens_keeps_the_contract() => OfSequences(Specimens.LogisticRegression).Check();

    [Fact]
    public void The_majority_class_of_spike_trains_keeps_the_contract() => OfSpikes(new MajorityClass()).Check();

    [Fact]
    public void Logistic_regression_on_counts_of_spikes_keeps_the_contract() => OfSpikes(Specimens.LogisticRegression).Check();

    [Fact]
    public void The_spiking_perceptron_keeps_the_contract() => Of(Specimens.LifMlp).Check();

    [Fact]
    public void Spikformer_keeps_the_contract() => Of(Specimens.Spikformer).Varying("width", 24, 32)
        .Varying("neuron", NeuronKind.Plif).Varying("surrogate", Surrogate.ArcTangent).Varying("code", InputCode.Phase)
        .Varying("embedding", EmbeddingKind.TwoConv).Varying("attention", AttentionKind.Sdsa).Check();

    public static TheoryData<string> Ids => Zoo.Ids;

    /// <summary>The network of each is checked by <see cref="ZooTests"/>, untrained; here that it trains and counts.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_spiking_transformer_keeps_the_contract_when_trained(string id)
    {
        var family = Zoo.With(Zoo.With(Zoo.With(Zoo.Find(id), "Epochs", 1), "BatchSize", 8), "Resolution", 16);
        var data = new TrainingData<LabeledImage>([.. Specimens.Images.Training.Take(16)], [.. Specimens.Images.Validation.Take(8)]);
        var contract = FamilyContract.Of(ImageBenchmark, (IModelFamily<LabeledImage, ClassPrediction>)family, data,
            [.. Specimens.TestImages.Take(6)]);
        contract.CheckCard();
        contract.CheckState();
        contract.CheckCounts();
    }

    [Fact]
    public void The_vision_transformer_keeps_the_contract() => Of(Specimens.AnnVitTiny).Varying("width", 24, 32).Check();

    [Fact]
    public void The_quantized_vision_transformer_keeps_the_contract()
    {
        var contract = Of(Specimens.QuantizedAnnVit);
        contract.CheckCard();
        contract.CheckState();
        contract.CheckCounts();
        contract.CheckFootprint();
    }

    [Fact]
    public void Every_family_of_the_suite_is_checked_here()
    {
        var listed = ImageBenchmark.Families.Select(family => family.GetType()).ToHashSet();
        Assert.Equal(listed, Specimens.ImageFamilies.Concat(Zoo.Families).Select(family => family.GetType()).ToHashSet());
        Assert.Equal([typeof(MajorityClass), typeof(LogisticRegression)], SequenceBenchmark.Families.Select(family => family.GetType()));
        Assert.Equal([typeof(MajorityClass), typeof(LogisticRegression)], SpikeBenchmark.Families.Select(family => family.GetType()));
    }

    static FamilyContract<LabeledImage, ClassPrediction> Of(IModelFamily<LabeledImage, ClassPrediction> family) =>
        FamilyContract.Of(ImageBenchmark, family, Specimens.Images, Specimens.TestImages);

    static FamilyContract<TokenSequence, ClassPrediction> OfSequences(IModelFamily<TokenSequence, ClassPrediction> family) =>
        FamilyContract.Of(SequenceBenchmark, family, Specimens.Sequences, Specimens.TestSequences);

    static FamilyContract<FrameSequence, ClassPrediction> OfSpikes(IModelFamily<FrameSequence, ClassPrediction> family) =>
        FamilyContract.Of(SpikeBenchmark, family, Specimens.Frames, Specimens.TestFrames);
}
