using Harness.Datasets.Signals;
using Harness.Spiking.Counting;
using Harness.Torch;
using Harness.Torch.Testing;
using Suites.SpikingTransformers.Families.Temporal;
using Suites.SpikingTransformers.Metrics;
using Suites.SpikingTransformers.Networks.Thought;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Temporal.Tests;

public sealed class ThoughtTests
{
    static readonly ThoughtSizes Sizes = new(5, 8, 2, 4);
    static readonly NeuronSizes Neurons = new(6, 3, 2, 7);

    public ThoughtTests() => TorchSession.Begin(7, 1);

    [Theory]
    [InlineData("ctm", 2 * 8 + 5 * 8 + 2 * 8 + 8 * (8 + 1) * 4 + (7 + 1) * 8 + 12 * (8 + 6 + 1) + 2 * 6
        + 6 * (3 * 4 + 4 + 2 * 2 + 2) + 2 + 2 * 7 + 10 * (7 + 1) + 6 + 6 * 3)]
    [InlineData("lstm", 2 * 8 + 5 * 8 + 2 * 8 + 8 * (8 + 1) * 4 + (6 + 1) * 8 + 4 * 6 * (8 + 6 + 2) + 10 * (6 + 1))]
    public void Networks_keep_the_contract(string name, long parameters) => new NetworkContract(name, () => name == "ctm"
        ? new ThoughtNetwork(Sizes, Neurons, new()) : new TickedLstm(Sizes, 6, new()),
        samples => randint(2, [samples, 5], int64)).Check(parameters);

    [Fact]
    public void Synchronisation_by_recurrence_is_the_discounted_dot_product()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var synchronisation = new Synchronisation(9, 20);
        // Some below 0, where nothing is forgotten.
        synchronisation.Decay.copy_(randn(20) * 0.5);
        var (history, kept) = (randn(12, 3, 9), synchronisation.Kept());
        Synchronisation.State? state = null;
        foreach (var activities in history.unbind()) state = synchronisation.Next(state, activities, kept);
        var value = Synchronisation.Value(state!);
        for (var pair = 0; pair < 20; pair++)
        {
            var (left, right) = (synchronisation.Left[pair].item<long>(), synchronisation.Right[pair].item<long>());
            var r = Math.Exp(-Math.Clamp(synchronisation.Decay[pair].item<float>(), 0, 15));
            for (var sample = 0; sample < 3; sample++)
            {
                var (products, weights) = (0.0, 0.0);
                for (var tick = 0; tick < 12; tick++)
                {
                    var weight = Math.Pow(r, 11 - tick);
                    products += weight * history[tick, sample, left].item<float>() * history[tick, sample, right].item<float>();
                    weights += weight;
                }
                Assert.Equal(products / Math.Sqrt(weights), value[sample, pair].item<float>(), 1e-5);
            }
        }
    }

    [Fact]
    public void A_neuron_sees_its_own_past_only()
    {
        using var scope = NewDisposeScope();
        using var models = new NeuronModels(Neurons);
        for (var neuron = 0; neuron < 6; neuron++)
        {
            var history = randn([6, 4, 3], requires_grad: true);
            models.forward(history).select(1, neuron).sum().backward();
            var reached = history.grad!.abs().sum([1, 2]);
            for (var other = 0; other < 6; other++) Assert.Equal(other == neuron, reached[other].item<float>() > 0);
        }
    }

    [Fact]
    public void A_neuron_is_two_gated_layers_over_temperatures()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var models = new NeuronModels(Neurons);
        var named = models.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        named["innerTemperature"].fill_(1.7f);
        named["outerTemperature"].fill_(0.6f);
        nn.init.normal_(named["innerBias"]);
        nn.init.normal_(named["outerBias"]);
        var history = randn(6, 2, 3);
        var said = models.forward(history);
        for (var neuron = 0; neuron < 6; neuron++)
        {
            double[] past = [.. Enumerable.Range(0, 3).Select(tick => (double)history[neuron, 1, tick].item<float>())];
            var hidden = Layer("inner", neuron, past, 1.7);
            Assert.Equal(Layer("outer", neuron, hidden, 0.6)[0], said[1, neuron].item<float>(), 1e-5);
        }

        double[] Layer(string name, int neuron, double[] x, double temperature)
        {
            var (weight, bias) = (named[name][neuron], named[$"{name}Bias"][neuron, 0]);
            double[] all = [.. Enumerable.Range(0, (int)bias.shape[0]).Select(to => (bias[to].item<float>()
                + x.Select((value, from) => value * weight[from, to].item<float>()).Sum()) / temperature)];
            return [.. all[..(all.Length / 2)].Zip(all[(all.Length / 2)..], (value, gate) => value / (1 + Math.Exp(-gate)))];
        }
    }

    [Fact]
    public void The_loss_is_that_of_the_best_and_of_the_most_certain_tick()
    {
        using var scope = NewDisposeScope();
        // One position whose target is 1; ticks that are right, undecided, and surest but wrong.
        var logits = tensor(new[] { 0f, 1, 0, 0, 3, 0 }, [1, 3, 1, 2]);
        var loss = TickObjective.Mean(logits, ones([1, 1], int64));
        Assert.Equal((Math.Log(1 + Math.Exp(-1)) + Math.Log(1 + Math.Exp(3))) / 2, loss.item<float>(), 1e-6);
        var (certainty, p) = (TickObjective.Certainty(logits), 1 / (1 + Math.Exp(-3)));
        Assert.Equal(0, certainty[0, 1].item<float>(), 1e-6);
        Assert.Equal(1 + (p * Math.Log(p) + (1 - p) * Math.Log(1 - p)) / Math.Log(2), certainty[0, 2].item<float>(), 1e-5);
        Assert.Equal(["1", "0", "0"], TickObjective.Answers(logits)[0].Answers);
    }

    [Fact]
    public void Parts_of_parity_share_no_sequence()
    {
        var parts = Enum.GetValues<Split>().SelectMany(split => GeneratedParity.Of8.Read(new("."), split)).ToList();
        Assert.Equal(256, parts.Select(sequence => string.Concat(sequence.Bits.ToArray())).Distinct().Count());
        Assert.All(parts, sequence =>
        {
            for (var position = 0; position < 8; position++)
                Assert.Equal(sequence.Bits.Span[..(position + 1)].Count((byte)1) % 2, sequence.Targets.Span[position]);
        });
    }

    [Fact]
    public void Ticks_are_scored_at_the_most_certain_and_where_thinking_stops()
    {
        BitSequence[] sequences = [new(new byte[] { 1, 1 }, new byte[] { 1, 0 }), new(new byte[] { 0, 1 }, new byte[] { 0, 1 })];
        TickedBits[] said = [new(["11", "10", "01"], [0.5f, 0.92f, 0.95f]), new(["11", "01", "00"], [0.2f, 0.8f, 0.3f])];
        Assert.Equal(0.5, Total(new BitAccuracy()), 1e-12);
        Assert.Equal(0.5, Total(new SequenceAccuracy()), 1e-12);
        Assert.Equal(2.5, Total(new StoppedTicks()), 1e-12);
        Assert.Equal(0.75, Total(new StoppedAccuracy()), 1e-12);
        // Certain by 0.95 and all wrong; certain by 0.8 and all right.
        Assert.Equal((0.95 + 0.2) / 2, Total(new CertaintyError()), 1e-6);

        double Total(IMetric<BitSequence, TickedBits> metric)
        {
            var tally = metric.Begin();
            foreach (var (sequence, one) in sequences.Zip(said)) tally.Add(sequence, one);
            return tally.Total();
        }
    }

    [Fact]
    public void Parity_is_found_tick_by_tick()
    {
        BitSequence[] all = [.. Enumerable.Range(0, 4).SelectMany(_ => GeneratedParity.Of8.Read(new("."), Split.Train).Take(40))
            .Select(sequence => new BitSequence(sequence.Bits[..4], sequence.Targets[..4]))];
        var family = new ThoughtMachine(Neurons: 32, Ticks: 8, Memory: 4, Hidden: 4, Pairs: 64, Width: 16, Heads: 2);
        using var model = (family with { Training = family.Training with { Epochs = 25, BatchSize = 20, LearningRate = 5e-3 } })
            .Prepare(new(all, all[..40]), Runs.Context());
        var said = model.Predict(all[..40]);
        double Right(Func<TickedBits, string> answer) =>
            said.Zip(all).Average(pair => pair.Second.RightBits(answer(pair.First)) / 4.0);
        var (first, last) = (Right(one => one.Answers[0]), Right(one => one.Answers[one.MostCertain]));
        Assert.True(last > 0.9 && last > first + 0.15, $"{first} at the first tick, {last} at the most certain");
        var counts = model.Count(all[..3]);
        Assert.Equal(8 * 2.0 * 4 * 16, counts.Layers.Single(layer => layer.Layer == "attention").Macs);
        Assert.Equal(8.0 * 64 * (16 + 32), counts.Layers.Single(layer => layer.Layer == "synapses").Macs);
    }
}
