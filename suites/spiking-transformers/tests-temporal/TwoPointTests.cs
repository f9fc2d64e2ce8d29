using Harness.Datasets.Signals;
using Harness.Spiking.Counting;
using Harness.Torch;
using Harness.Torch.Testing;
using Suites.SpikingTransformers.Families.Temporal;
using Suites.SpikingTransformers.Metrics;
using Suites.SpikingTransformers.Networks.TwoPoint;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Temporal.Tests;

public sealed class TwoPointTests
{
    static readonly TwoPointSizes Sizes = new(3, 4, 2, 2, Transfer.Cooperation, 0);

    public TwoPointTests() => TorchSession.Begin(11, 1);

    [Theory]
    [InlineData(Transfer.Alone, 2 * (3 * 4 + 4) + 2 * (4 * 4 + 4) + 8 * 2 + 2)]
    [InlineData(Transfer.Point, 2 * (3 * 4 + 4) + 2 * (4 * 4 + 4) + 8 * 2 + 2 + 2 * (4 + 3 + 8) * 4 + 2 * (4 + 4 + 8) * 4)]
    [InlineData(Transfer.Gated, 2 * (3 * 4 + 4) + 2 * (4 * 4 + 4) + 8 * 2 + 2 + 2 * (4 + 3 + 8) * 4 + 2 * (4 + 4 + 8) * 4)]
    [InlineData(Transfer.Cooperation, 2 * (3 * 4 + 4) + 2 * (4 * 4 + 4) + 8 * 2 + 2 + 2 * (4 + 3 + 8) * 4 + 2 * (4 + 4 + 8) * 4)]
    public void Networks_keep_the_contract(Transfer transfer, long parameters) => new NetworkContract($"{transfer}",
        () => new TwoPointNetwork(Sizes with { Transfer = transfer }, new()), samples => randn(samples, 5, 6)).Check(parameters);

    [Theory]
    [InlineData(Transfer.Alone, 0.5, -2, 0.5)]
    [InlineData(Transfer.Point, 0.5, -0.3, 0.2)]
    [InlineData(Transfer.Point, 0.5, -0.7, 0)]
    // R / 2 (1 + e^(0.5)), and the exponent no larger than 6.
    [InlineData(Transfer.KayPhillips, 0.5, 1, 0.25 * 2.6487212707)]
    [InlineData(Transfer.KayPhillips, 2, 9, 1 + 403.4287934927)]
    [InlineData(Transfer.KayPhillips, -0.5, 1, 0)]
    [InlineData(Transfer.Cooperation, 0.5, 1, 0.25 + 1 + 1.5)]
    [InlineData(Transfer.Cooperation, 0.5, -1, 0)]
    [InlineData(Transfer.Cooperation, -0.5, 2, 0.25 - 1 + 3)]
    [InlineData(Transfer.Cooperation, 2, 3, 6)]
    [InlineData(Transfer.Gated, 0.5, 0, 0.25)]
    public void Transfer_functions_are_those_of_their_equations(Transfer transfer, float r, float c, double transmitted)
    {
        using var said = TwoPointLayer.Apply(transfer, tensor(r), tensor(c));
        Assert.Equal(transmitted, said.item<float>(), 1e-3 * Math.Max(1e-2, transmitted));
    }

    [Fact]
    public void Contexts_come_from_the_step_before_the_other_stream_and_above()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var network = new TwoPointNetwork(Sizes with { Transfer = Transfer.Point }, new());
        var named = network.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        var input = randn(1, 3, 6);
        var said = network.forward(input);
        double[][][] before = [[new double[4], new double[4]], [new double[4], new double[4]]];
        for (var step = 0; step < 3; step++)
        {
            double[][] x = [Channels(step, 0), Channels(step, 1)];
            double[] above = [.. before[1][0], .. before[1][1]];
            for (var layer = 0; layer < 2; layer++) before[layer] = x = [Units(layer, 0, x, above), Units(layer, 1, x, above)];
            double[] highest = [.. x[0], .. x[1]];
            for (var output = 0; output < 2; output++)
                Assert.Equal(named["readout.bias"][output].item<float>() + highest.Select((value, unit) =>
                    value * named["readout.weight"][output, unit].item<float>()).Sum(), said[0, step, output].item<float>(), 1e-5);
        }

        double[] Channels(int step, int stream) =>
            [.. Enumerable.Range(0, 3).Select(channel => (double)input[0, step, stream * 3 + channel].item<float>())];

        double[] Units(int layer, int stream, double[][] x, double[] above) => [.. Enumerable.Range(0, 4).Select(unit => Math.Max(0,
            named[$"layer{layer + 1}.bias"][stream, 0, unit].item<float>() + Field(layer, "receptive", stream, unit, x[stream])
            + Field(layer, "distal", stream, unit, x[1 - stream]) + Field(layer, "proximal", stream, unit, before[layer][stream])
            + Field(layer, "universal", stream, unit, above)))];

        double Field(int layer, string part, int stream, int unit, double[] values) => values.Select((value, from) =>
            value * named[$"layer{layer + 1}.{part}"][stream, from, unit].item<float>()).Sum();
    }

    [Fact]
    public void Only_units_that_transmit_cost_and_the_dead_do_not()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var ledger = new OperationLedger();
        using var network = new TwoPointNetwork(new(3, 40, 2, 2, Transfer.Gated, 0), ledger);
        var input = randn(4, 6, 6);
        var whole = ledger.Record(4, () => network.forward(input).Dispose());
        Assert.InRange(Active(whole, "layer1"), 0.3, 0.7);
        var highest = whole.Layers.Single(layer => layer.Layer == "layer2.units").Spikes;
        Assert.Equal(2 * highest, whole.Layers.Single(layer => layer.Layer == "readout").Macs, 1e-6);
        var first = whole.Layers.Single(layer => layer.Layer == "layer1.units").Spikes;
        Assert.Equal(40 * first, whole.Layers.Single(layer => layer.Layer == "layer2.receptive").Macs, 1e-6);
        network.Kill(0.3, new SampleOrder(1));
        var hurt = ledger.Record(4, () => network.forward(input).Dispose());
        Assert.InRange(Active(hurt, "layer1") / Active(whole, "layer1"), 0.5, 0.9);
        network.Kill(1, new SampleOrder(1));
        var silent = network.forward(input);
        Assert.Equal(0, (silent - silent[0, 0]).abs().max().item<float>());

        static double Active(OperationCounts counts, string layer) =>
            counts.Layers.Single(one => one.Layer == $"{layer}.units").FiringRate!.Value;
    }

    [Fact]
    public void Streams_are_of_one_variance_and_their_distractors_of_many()
    {
        var series = CooperativeStreams.Synthetic.Read(new("."), Split.Train).ToList();
        Assert.Equal(400, series.Count);
        Assert.Equal(1, series.Average(one => one.Targets.ToArray().Average(value => value * value)), 0.1);
        Assert.Equal(series[3].Inputs.ToArray(), CooperativeStreams.Synthetic.Read(new("."), Split.Train).ElementAt(3).Inputs.ToArray());
        // Power of a stream in its first segment: 1 + gain squared, times a factor of its mixing.
        double[] powers = [.. series.Select(one => one.Inputs.Span[..320].ToArray().Average(value => value * value)).Order()];
        Assert.True(powers[^20] > 8 * powers[20], $"{powers[20]} to {powers[^20]}");
    }

    [Fact]
    public void Streams_are_learned_activity_that_costs_is_low_and_damage_hurts()
    {
        var series = CooperativeStreams.Synthetic.Read(new("."), Split.Train).Take(150).ToArray();
        var data = new TrainingData<SignalSeries>(series[..120], series[120..130]);
        var free = Trained(new(Transfer.Gated, Activity: 0));
        Assert.True(free.Error < 0.98, $"{free}");
        var costly = Trained(new(Transfer.Gated, Activity: 10));
        Assert.True(costly.Active < 0.8 * free.Active, $"{costly} where activity costs, {free} where it does not");
        var hurt = Trained(new(Transfer.Gated, Activity: 0, Damage: 0.5));
        Assert.True(hurt.Error > free.Error + 0.02, $"{hurt} of half the units, {free} of all");

        (double Error, double Active) Trained(TwoPoint family)
        {
            var trained = family with { Units = 16, Training = family.Training with { Epochs = 20, LearningRate = 1e-2 } };
            using var model = trained.Prepare(data, Runs.Context());
            var tally = new Nrmse().Begin();
            var test = series[130..];
            var answers = model.Predict([.. test.Select(one => one with { Targets = default })]);
            foreach (var (one, said) in test.Zip(answers)) tally.Add(one, said);
            return (tally.Total(), model.Count(test).Layers.Where(layer => layer.FiringRate is not null).Average(layer =>
                layer.FiringRate!.Value));
        }
    }
}
