using Harness.Datasets;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Offloading.Neurons;
using Suites.LlmEdge.Offloading.Predicting;
using Suites.LlmEdge.Tests.Models;

namespace Suites.LlmEdge.Tests.Offloading;

public sealed class SparseFeedForwardTests : IDisposable
{
    static readonly ModelShape Shape = RandomModels.Small with { Hidden = 160 };
    static readonly int[] Sequence = [1, 5, 9, 40, 41, 3, 3, 90, 17, 22, 60, 7];

    readonly LanguageModel _model = RandomModels.Of(Shape, seed: 4);
    readonly NeuronStore _store;

    public SparseFeedForwardTests() => _store = new(_model);

    // Sums in double precision, from the matrices as they are packed.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_gates_alone_give_what_all_neurons_give(bool positiveUps)
    {
        var x = Input();
        foreach (var selector in new INeuronSelector[] { new OpenGates(_store), new AllNeurons(Shape.Hidden) })
        {
            var sums = new float[Shape.Width];
            new SparseFeedForward(_store, _store, selector, positiveUps).One(1, x, sums);
            var expected = Dense(1, x, positiveUps);
            var scale = Math.Sqrt(expected.Average(value => value * value));
            for (var i = 0; i < sums.Length; i++) Assert.Equal(expected[i], sums[i], 1e-5 * scale);
        }
    }

    [Fact]
    public void About_half_of_random_gates_are_open_and_observers_see_which()
    {
        var x = Input();
        var layers = new SparseFeedForward(_store, _store, new AllNeurons(Shape.Hidden), false);
        bool[] seen = [];
        layers.Watch = (_, _, selected, open) =>
        {
            Assert.Equal(Shape.Hidden, selected.Length);
            seen = open.ToArray();
        };
        layers.One(0, x, new float[Shape.Width]);
        var oracle = new int[Shape.Hidden];
        var count = new OpenGates(_store).Select(0, x, oracle);
        Assert.InRange(count, Shape.Hidden / 4, 3 * Shape.Hidden / 4);
        Assert.Equal(oracle[..count], Enumerable.Range(0, Shape.Hidden).Where(neuron => seen[neuron]));
    }

    [Fact]
    public void Neurons_that_are_always_computed_are_computed_whatever_is_asked_for()
    {
        var x = Input();
        var all = new bool[Shape.Layers][];
        Array.Fill(all, [.. Enumerable.Repeat(true, Shape.Hidden)]);
        float[] sums = new float[Shape.Width], expected = new float[Shape.Width];
        new SparseFeedForward(_store, _store, new Nothing(), false, all).One(0, x, sums);
        new SparseFeedForward(_store, _store, new AllNeurons(Shape.Hidden), false).One(0, x, expected);
        Assert.Equal(expected, sums);
        new SparseFeedForward(_store, _store, new Nothing(), false).One(0, x, sums);
        Assert.All(sums, value => Assert.Equal(0, value));
    }

    [Fact]
    public void The_decoder_hands_over_single_tokens_and_tells_of_several()
    {
        var layers = new Counting();
        using var decoder = new Decoder(_model, new()) { OneByOne = layers };
        decoder.Append(Sequence);
        decoder.Append(5);
        decoder.Append(6);
        Assert.Equal((2 * Shape.Layers, Sequence.Length * Shape.Layers), (layers.Singles, layers.Together));
    }

    [Fact]
    public void A_token_allocates_nothing()
    {
        var layers = new SparseFeedForward(_store, _store, new OpenGates(_store), false);
        var (x, sums) = (Input(), new float[Shape.Width]);
        layers.One(0, x, sums);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++) layers.One(0, x, sums);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Recorded_gates_are_those_of_every_token_and_layer()
    {
        var samples = GateRecording.Record(_model, _store, false, [Sequence, Sequence[..3]], TestContext.Current.CancellationToken);
        Assert.Equal(Shape.Layers, samples.Count);
        Assert.All(samples, layer => Assert.Equal(Sequence.Length + 3, layer.Count));
        // The same beginning of both windows.
        Assert.Equal(samples[1].Open(1), samples[1].Open(Sequence.Length + 1));
        Assert.Equal(samples[1].Input(2), samples[1].Input(Sequence.Length + 2));
    }

    [Fact]
    public void A_shuffled_selection_asks_for_as_many_others()
    {
        var (x, own, other) = (Input(), new int[Shape.Hidden], new int[Shape.Hidden]);
        var oracle = new OpenGates(_store);
        var shuffled = new ShuffledSelector(oracle, Shape.Layers, Shape.Hidden, 3);
        var count = oracle.Select(0, x, own);
        Assert.Equal(count, shuffled.Select(0, x, other));
        Assert.Equal(other[..count].Order().Distinct(), other[..count]);
        Assert.True(own[..count].Intersect(other[..count]).Count() < 0.8 * count);
    }

    double[] Dense(int layer, float[] x, bool positiveUps)
    {
        var weights = _model.Layers[layer];
        float[] gates = weights.Gate.Unpacked(), ups = weights.Up.Unpacked(), downs = weights.Down.Unpacked();
        double Row(float[] matrix, int row) => x.Select((value, i) => (double)value * matrix[row * x.Length + i]).Sum();
        var hidden = Enumerable.Range(0, Shape.Hidden).Select(neuron => Math.Max(0, Row(gates, neuron))
            * (positiveUps ? Math.Max(0, Row(ups, neuron)) : Row(ups, neuron))).ToArray();
        return [.. Enumerable.Range(0, Shape.Width).Select(row =>
            hidden.Select((value, i) => value * downs[row * Shape.Hidden + i]).Sum())];
    }

    static float[] Input()
    {
        var chance = new Chance(8);
        return [.. Enumerable.Range(0, Shape.Width).Select(_ => (float)chance.Normal())];
    }

    public void Dispose()
    {
        _store.Dispose();
        _model.Dispose();
    }

    sealed class Nothing : INeuronSelector
    {
        public int Select(int layer, ReadOnlySpan<float> x, Span<int> selected) => 0;
    }

    sealed class Counting : IFeedForward
    {
        public int Singles { get; private set; }
        public int Together { get; private set; }
        public void One(int layer, ReadOnlySpan<float> x, Span<float> sums) => Singles++;
        public void Several(int layer, int tokens) => Together += tokens;
    }
}
