using Harness.Datasets;
using Harness.Datasets.Events;
using Harness.Spiking.Neurons;
using Harness.Testing;
using Suites.SpikingTransformers.Families;
using Suites.SpikingTransformers.Families.Temporal;
using Suites.SpikingTransformers.Tests.Networks;

namespace Suites.SpikingTransformers.Tests.Families;

public sealed class ContractTests
{
    static readonly Benchmark<LabeledImage, ClassPrediction> ImageBenchmark =
        (Benchmark<LabeledImage, ClassPrediction>)SpikingTransformersSuite.Create().Benchmarks[0];
    static readonly Benchmark<TokenSequence, ClassPrediction> SequenceBenchmark =
        (Benchmark<TokenSequence, ClassPrediction>)SpikingTransformersSuite.Create().Benchmarks[1];

    static readonly Benchmark<FrameSequence, ClassPrediction> SpikeBenchmark =
        Of<FrameSequence>("spikes");

    [Fact]
    public void The_majority_class_of_images_keeps_the_contract() => Of(new MajorityClass()).Check();

    [Fact]
    public void The_majority_class_of_sequences_keeps_the_contract() => OfSequences(new MajorityClass()).Check();

    [Fact]
    public void Logistic_regression_on_pixels_keeps_the_contract() => Of(Specimens.LogisticRegression).Sharing("training").Check();

    [Fact]
    public void Logistic_regression_on_bags_of_tokens_keeps_the_contract() => OfSequences(Specimens.LogisticRegression)
        .Sharing("training").Check();

    [Fact]
    public void The_majority_class_of_spike_trains_keeps_the_contract() => OfSpikes(new MajorityClass()).Check();

    [Fact]
    public void Logistic_regression_on_counts_of_spikes_keeps_the_contract() => OfSpikes(Specimens.LogisticRegression)
        .Sharing("training").Check();

    /// <summary>
    /// And every knob of the training that families share does something here, but for what ends it: this clock stands still.
    /// </summary>
    [Fact]
    public void The_resonators_keep_the_contract() => OfSpikes(Specimens.ResonatorRnn)
        .Sharing("training").Varying("training.epochs", 2).Varying("training.batchSize", 5).Varying("training.learningRate", 0.02)
        .Varying("training.weightDecay", 1).Varying("training.warmup", 0).Varying("training.labelSmoothing", 0.1)
        .Varying("training.finalRate", 0.005).Varying("training.mixup", 0.5).Varying("training.clipNorm", 0.01)
        .Varying("training.stepLoss", 0.1)
        .Comparing("training.mixupEpochs", Mixed(null), Mixed(1)).Check();

    static ResonatorRnn Mixed(int? epochs) => Specimens.ResonatorRnn with
    {
        Training = Specimens.ResonatorRnn.Training with { Mixup = 0.5, MixupEpochs = epochs },
    };

    [Fact]
    public void The_spiking_perceptron_keeps_the_contract() => Of(Specimens.LifMlp).Sharing("training").Check();

    /// <summary>Its knobs and counts are checked with images.</summary>
    [Fact]
    public void Spikformer_keeps_the_contract_on_tokens_whole_sequences_and_recordings()
    {
        var contract = OfSequences(Specimens.Spikformer);
        contract.CheckPredictions();
        contract.CheckState();
        contract.CheckOrder();
        contract.CheckSeed();
        contract.CheckDisposal();
        FamilyContract.Of(Of<FrameSequence>("whole"), Specimens.Spikformer, Specimens.LongFrames, Specimens.TestLongFrames).CheckState();
        FamilyContract.Of(Of<FrameImages>("recordings"), Specimens.Spikformer, Specimens.Recordings, Specimens.TestRecordings)
            .CheckState();
    }

    public static TheoryData<string> SequenceIds => [.. Listed(Of<FrameSequence>("whole"))];

    public static TheoryData<string> RecordingIds => [.. Listed(Of<FrameImages>("recordings"))];

    /// <summary>What is the same for all is checked with Spikformer; here that each is wired.</summary>
    [Theory]
    [MemberData(nameof(SequenceIds))]
    public void Sequences_are_embedded_for_every_family_that_is_listed_for_them(string id)
    {
        var family = Quick(id);
        FamilyContract.Of(SequenceBenchmark, (IModelFamily<TokenSequence, ClassPrediction>)family, Few(Specimens.Sequences),
            Specimens.TestSequences).CheckPredictions();
        FamilyContract.Of(Of<FrameSequence>("whole"), (IModelFamily<FrameSequence, ClassPrediction>)family, Few(Specimens.LongFrames),
            Specimens.TestLongFrames).CheckPredictions();
    }

    [Theory]
    [MemberData(nameof(RecordingIds))]
    public void Recordings_are_taken_by_every_family_that_is_listed_for_them(string id) =>
        FamilyContract.Of(Of<FrameImages>("recordings"), (IModelFamily<FrameImages, ClassPrediction>)Zoo.With(Quick(id), "Resolution", 16),
            Few(Specimens.Recordings), Specimens.TestRecordings).CheckPredictions();

    static IEnumerable<string> Listed<TSample>(Benchmark<TSample, ClassPrediction> benchmark) =>
        benchmark.Families.Select(family => family.Card).Where(card => card.Kind == "spiking").Select(card => card.Id);

    static object Quick(string id) => Zoo.With(Zoo.Find(id), "Training", new Spikformer().Training with { Epochs = 1, BatchSize = 8 });

    static TrainingData<TSample> Few<TSample>(TrainingData<TSample> data) =>
        new([.. data.Training.Take(12)], [.. data.Validation.Take(6)]);

    [Fact]
    public void Recordings_of_other_lengths_than_the_steps_are_refused()
    {
        IModelFamily<FrameImages, ClassPrediction> family = Specimens.Spikformer with { Steps = 2 };
        var error = Assert.Throws<UnsupportedException>(() => family.Prepare(Specimens.Recordings, Specimens.Context()));
        Assert.Contains("have 3 frames, one for each step; set steps to 3, not 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Spikformer_keeps_the_contract() => CheckButKnobs(Of(Specimens.Spikformer));

    /// <summary>
    /// Of neurons, surrogates, codes, embeddings and attentions one other is trained; <see cref="ZooTests"/> goes through all.
    /// </summary>
    [Fact]
    public void Every_knob_of_spikformer_changes_what_is_trained() => OfFew(Specimens.Spikformer).Sharing("training")
        .Sharing("augmentation").Varying("width", 24).Varying("neuron", NeuronKind.Plif).Varying("surrogate", Surrogate.ArcTangent)
        .Varying("code", InputCode.Phase).Varying("embedding", EmbeddingKind.TwoConv).Varying("attention", AttentionKind.Sdsa)
        .Varying("resolution", 16).CheckKnobs();

    public static TheoryData<string> Ids => Zoo.Ids;

    /// <summary>The network of each is checked by <see cref="ZooTests"/>, untrained; here that it trains and counts.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_spiking_transformer_keeps_the_contract_when_trained(string id)
    {
        var family = Zoo.With(Quick(id), "Resolution", 16);
        var contract = OfFew((IModelFamily<LabeledImage, ClassPrediction>)family);
        contract.CheckCard();
        contract.CheckState();
        contract.CheckCounts();
    }

    [Fact]
    public void The_vision_transformer_keeps_the_contract() => CheckButKnobs(Of(Specimens.AnnVitTiny));

    [Fact]
    public void Every_knob_of_the_vision_transformers_changes_what_is_trained()
    {
        OfFew(Specimens.AnnVitTiny).Sharing("training").Sharing("augmentation").Varying("width", 24).CheckKnobs();
        OfFew(Specimens.QuantizedAnnVit).Sharing("training").Sharing("augmentation").Varying("width", 24).Varying("bits", 3).CheckKnobs();
    }

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
        var listed = ImageBenchmark.Families.Select(family => family.GetType()).Where(IsChecked).ToHashSet();
        Assert.Equal(listed, Specimens.ImageFamilies.Concat(Zoo.Families).Select(family => family.GetType()).ToHashSet());
        Assert.Equal(["spikformer", "spikingformer", "cml", "sdt", "semm", "tim"], Listed(Of<FrameSequence>("whole")));
        Assert.Equal([.. Listed(Of<FrameSequence>("whole")), new EventGru().Card.Id], Listed(SequenceBenchmark));
        Assert.Equal(Zoo.Families.Select(family => family.Card.Id), Listed(Of<FrameImages>("recordings")));
        Assert.Equal([typeof(MajorityClass), typeof(LogisticRegression), typeof(ResonatorRnn)],
            SpikeBenchmark.Families.Select(family => family.GetType()).Where(IsChecked));
    }

    // The others have a test project of their own.
    static bool IsChecked(Type family) => family.Namespace != typeof(DelaySnn).Namespace;

    static Benchmark<TSample, ClassPrediction> Of<TSample>(string id) => (Benchmark<TSample, ClassPrediction>)SpikingTransformersSuite
        .Create().Benchmarks.Single(benchmark => benchmark.Id == id);

    // Enough for a knob to show in the curve, too few for running statistics: those need dozens of batches.
    static FamilyContract<LabeledImage, ClassPrediction> OfFew(IModelFamily<LabeledImage, ClassPrediction> family) =>
        FamilyContract.Of(ImageBenchmark, family, Few(Specimens.Images),
            [.. Specimens.TestImages.Take(6)]);

    static void CheckButKnobs(FamilyContract<LabeledImage, ClassPrediction> contract)
    {
        contract.CheckCard();
        contract.CheckPredictions();
        contract.CheckState();
        contract.CheckOrder();
        contract.CheckSeed();
        contract.CheckCurve();
        contract.CheckFootprint();
        contract.CheckCounts();
        contract.CheckDisposal();
    }

    static FamilyContract<LabeledImage, ClassPrediction> Of(IModelFamily<LabeledImage, ClassPrediction> family) =>
        FamilyContract.Of(ImageBenchmark, family, Specimens.Images, Specimens.TestImages);

    static FamilyContract<TokenSequence, ClassPrediction> OfSequences(IModelFamily<TokenSequence, ClassPrediction> family) =>
        FamilyContract.Of(SequenceBenchmark, family, Specimens.Sequences, Specimens.TestSequences);

    static FamilyContract<FrameSequence, ClassPrediction> OfSpikes(IModelFamily<FrameSequence, ClassPrediction> family) =>
        FamilyContract.Of(SpikeBenchmark, family, Specimens.Frames, Specimens.TestFrames);
}
