using Harness.Datasets;
using Harness.Datasets.Events;
using Harness.Datasets.Signals;
using Harness.Testing;
using Harness.Torch;
using Suites.SpikingTransformers.Families.Temporal;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks.Recurrent;

namespace Suites.SpikingTransformers.Temporal.Tests;

/// <summary>Every family keeps the contract of all families, trained on little.</summary>
public sealed class ContractTests
{
    static readonly Recipe Few = new(Epochs: 3, BatchSize: 6, LearningRate: 0.01, WeightDecay: 0.01);

    static readonly TrainingData<FrameSequence> Frames = new(MakeFrames(48, 1), MakeFrames(24, 2));
    static readonly IReadOnlyList<FrameSequence> TestFrames = MakeFrames(24, 3);

    [Fact]
    public void Delays() => Check(Of("spikes", new DelaySnn(Neurons: 12, Depth: 1, Longest: 4, Dropout: 0.1, Training: Few)));

    [Fact]
    public void Memories() => Check(Of("spikes", new ElmNeuron(Memories: 10, InputDropout: 0.1, Training: Few)));

    [Fact]
    public void Events() => Check(Of("spikes", new EventGru(Units: 12, MeanThreshold: 0.1, Training: Few)));

    [Fact]
    public void Gates() => Check(Of("spikes", new GatedRnn(Units: 12, Training: Few)));

    [Fact]
    public void State_spaces() =>
        Check(Of("spikes", new DiagonalStateSpace(Units: 12, States: 4, Depth: 1, InputDropout: 0.1, Training: Few)));

    /// <summary>What is the same for all families is checked with frames; here that each reads tokens, in their order.</summary>
    [Theory]
    [InlineData("elm-neuron")]
    [InlineData("egru")]
    [InlineData("gated-rnn")]
    [InlineData("s4d")]
    public void Tokens_are_read_in_their_order(string id)
    {
        var listed = Listed<TokenSequence, ClassPrediction>("sequences");
        var family = listed.Families.Single(family => family.Card.Id == id);
        // The class is which of two tokens comes last; a bag of them knows nothing of it.
        TokenSequence[] Ordered(int count, int seed)
        {
            var chance = new SampleOrder(seed);
            return [.. Enumerable.Range(0, count).Select(index => new TokenSequence(
                new[] { 3, 3, 1 + index % 2, 3, 2 - index % 2 }.AsMemory(chance.Below(3)), index % 2))];
        }
        var trained = Training(family, new(Epochs: 30, BatchSize: 8, LearningRate: 0.02, WeightDecay: 0, ClipNorm: 1));
        var test = Ordered(20, 3);
        using (var model = trained.Prepare(new(Ordered(40, 1), Ordered(20, 2)), Runs.Context()))
            Assert.True(model.Predict(test).Zip(test).Count(pair => pair.First.Label == pair.Second.Label) >= 18);
        var contract = FamilyContract.Of(listed, Training(family, Few), new(Ordered(24, 1), Ordered(12, 2)), test);
        contract.CheckPredictions();
        contract.CheckState();
        contract.CheckOrder();
    }

    static IModelFamily<TokenSequence, ClassPrediction> Training(IModelFamily<TokenSequence, ClassPrediction> family, Recipe recipe) =>
        family switch
        {
            ElmNeuron elm => elm with { Training = recipe, InputDropout = 0, Memories = 10 },
            EventGru egru => egru with { Training = recipe, Units = 12, MeanThreshold = 0.1, Answer = AnswerRule.Last },
            GatedRnn gates => gates with { Training = recipe, Units = 12 },
            DiagonalStateSpace spaces => spaces with { Training = recipe, Units = 12, States = 4 },
            _ => throw new ArgumentException($"{family.Card.Id} reads no tokens.", nameof(family)),
        };

    [Fact]
    public void Liquids()
    {
        var family = new Nalsm(Side: 4, Weight: 8, Settling: 5, SettlingSteps: 5, Steps: 30, Training: Few);
        Check(FamilyContract.Of(Listed<LabeledImage, ClassPrediction>("images"), family, new(Images(36, 1), Images(18, 2)), Images(18, 3)));
    }

    [Fact]
    public void Reservoirs()
    {
        SignalSeries[] Series(int seed) => [.. Enumerable.Range(0, 3).Select(index => Delayed(seed * 10 + index))];
        var (data, test) = (new TrainingData<SignalSeries>(Series(1), Series(2)), Series(3));
        foreach (var family in new IModelFamily<SignalSeries, SignalPrediction>[]
                 { new EchoState(Units: 20), new EiReservoir(Units: 20, AdaptationSteps: 30) })
        {
            var contract = FamilyContract.Of(Listed<SignalSeries, SignalPrediction>("memory"), family, data, test);
            contract.CheckCard();
            contract.CheckPredictions();
            contract.CheckState();
            contract.CheckOrder();
            contract.CheckSeed();
            contract.CheckFootprint();
            contract.CheckCounts();
        }
    }

    [Fact]
    public void Motions() => Check(FamilyContract.Of(Listed<FrameImages, MotionPrediction>("motion"),
        new HdSnn(Delays: 3, Radius: 1, Draws: 40, Keep: 0.7, Training: Few), new(Edges(24, 1), Edges(9, 2)), Edges(9, 3)));

    [Fact]
    public void Thoughts()
    {
        BitSequence[] Bits(int first) => [.. GeneratedParity.Of8.Read(new("."), Split.Train).Skip(first).Take(20)];
        var data = new TrainingData<BitSequence>(Bits(0), Bits(20));
        var listed = Listed<BitSequence, TickedBits>("parity");
        Check(FamilyContract.Of(listed, new ThoughtMachine(Neurons: 12, Ticks: 4, Memory: 3, Hidden: 2, Pairs: 9, Width: 8, Heads: 2,
            Training: Few), data, Bits(40)));
        Check(FamilyContract.Of(listed, new ThoughtLstm(Units: 12, Ticks: 4, Width: 8, Heads: 2, Training: Few), data, Bits(40)));
    }

    [Fact]
    public void Streams()
    {
        SignalSeries[] Series(Split split) => [.. CooperativeStreams.Synthetic.Read(new("."), split).Take(12)];
        Check(FamilyContract.Of(Listed<SignalSeries, SignalPrediction>("streams"), new TwoPoint(Units: 6, Training: Few),
            new(Series(Split.Train), Series(Split.Validation)), Series(Split.Test)));
    }

    [Fact]
    public void Every_family_of_these_tracks_is_checked_here()
    {
        // Those of resistive memory in tests of their own.
        Assert.Equal(["DelaySnn", "DiagonalStateSpace", "EchoState", "EiReservoir", "ElmNeuron", "EventGru", "GatedRnn", "HdSnn", "Nalsm",
            "RramLsm", "RramPairs", "ThoughtLstm", "ThoughtMachine", "TwoPoint"], typeof(Nalsm).Assembly.GetExportedTypes()
                .Where(type => type.Namespace == typeof(Nalsm).Namespace && IsFamily(type))
                .Select(type => type.Name).Order(StringComparer.Ordinal));

        static bool IsFamily(Type type) => !type.IsAbstract && type.GetInterfaces()
            .Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IModelFamily<,>));
    }

    static Benchmark<TSample, TPrediction> Listed<TSample, TPrediction>(string id) => (Benchmark<TSample, TPrediction>)
        SpikingTransformersSuite.Create().Benchmarks.Single(benchmark => benchmark.Id == id);

    static FamilyContract<FrameSequence, ClassPrediction> Of(string benchmark, IModelFamily<FrameSequence, ClassPrediction> family) =>
        FamilyContract.Of(Listed<FrameSequence, ClassPrediction>(benchmark), family, Frames, TestFrames);

    static void Check<TSample, TPrediction>(FamilyContract<TSample, TPrediction> contract)
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

    // The class is the channel that is busy in the second half; the rest is noise.
    static FrameSequence[] MakeFrames(int count, int seed)
    {
        var chance = new SampleOrder(seed);
        return [.. Enumerable.Range(0, count).Select(index =>
        {
            var counts = Enumerable.Range(0, 24).Select(_ => (byte)chance.Below(3)).ToArray();
            for (var step = 4; step < 8; step++) counts[step * 3 + index % 3] += 9;
            return new FrameSequence(counts, 8, 3, index % 3);
        })];
    }

    // The class is the third that is bright.
    static LabeledImage[] Images(int count, int seed)
    {
        var chance = new SampleOrder(seed);
        return [.. Enumerable.Range(0, count).Select(index => new LabeledImage(Enumerable.Range(0, 36)
            .Select(pixel => (byte)(pixel / 12 == index % 3 ? 150 + chance.Below(100) : chance.Below(40))).ToArray(), 1, 6, 6, index % 3))];
    }

    // The class is the column where an edge begins to move to the right.
    static FrameImages[] Edges(int count, int seed)
    {
        var chance = new SampleOrder(seed);
        return [.. Enumerable.Range(0, count).Select(index =>
        {
            var values = Enumerable.Range(0, 6 * 2 * 49).Select(_ => (byte)(chance.Below(8) == 0 ? 1 : 0)).ToArray();
            for (var step = 0; step < 5; step++)
                for (var row = 0; row < 7; row++) values[(step * 2 * 7 + row) * 7 + index % 3 + step] = 1;
            return new FrameImages(values, 6, 2, 7, 7, index % 3);
        })];
    }

    static SignalSeries Delayed(int seed)
    {
        var chance = new SampleOrder(seed);
        double[] inputs = [.. Enumerable.Range(0, 60).Select(_ => chance.Unit() - 0.5)];
        return new(inputs, inputs.Select((_, step) => step < 2 ? 0 : inputs[step - 2]).ToArray(), 1, 10);
    }
}
