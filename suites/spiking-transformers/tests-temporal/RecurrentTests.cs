using System.Numerics;
using Harness.Datasets;
using Harness.Spiking.Counting;
using Harness.Torch;
using Harness.Torch.Testing;
using Suites.SpikingTransformers.Families.Temporal;
using Suites.SpikingTransformers.Networks.Recurrent;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Temporal.Tests;

public sealed class RecurrentTests
{
    static readonly EventGruSizes Events = new(5, 7, EventRule.Threshold, 0.3, 0.7, 1, 0, 0);

    public RecurrentTests() => TorchSession.Begin(5, 1);

    [Theory]
    [InlineData("lstm", 4 * 7 * (5 + 7 + 2) + 7 * 3 + 3)]
    [InlineData("gru", 3 * 7 * (5 + 7 + 2) + 7 * 3 + 3)]
    [InlineData("elm", 5 + 14 * (5 + 7 + 1) + 7 * (14 + 1) + 7 * 3 + 3)]
    [InlineData("egru", 3 * 7 * (5 + 7 + 2) + 7 + 7 * 3 + 3)]
    [InlineData("s4d", 7 * (5 + 1) + 7 * (1 + 4 * 3 + 1) + 14 * (7 + 1) + 14 + 7 * 3 + 3)]
    public void Networks_keep_the_contract(string name, long parameters) =>
        new NetworkContract(name, () => Network(name), samples => rand(samples, 6, 5)).Check(parameters);

    static RecurrentClassifier Network(string name, OperationLedger? ledger = null)
    {
        var counts = ledger ?? new();
        RecurrentLayer[] layers = name switch
        {
            "lstm" => [new GatedLayer("layer1", GatedCell.Lstm, 5, 7, counts)],
            "gru" => [new GatedLayer("layer1", GatedCell.Gru, 5, 7, counts)],
            "elm" => [new ElmLayer(new(5, 5, 7, 0.5, 0.3, 20, 5, LearnMemories: false), counts)],
            "egru" => [new EventGruLayer("layer1", Events, counts)],
            _ => [new FrameEncoder(5, 7, counts), new StateSpaceLayer("layer1", new(7, 3, 0.01, 0.5, 0.1), counts)],
        };
        return new(layers, 3, AnswerRule.Mean, 0, counts);
    }

    [Fact]
    public void The_memory_neuron_follows_its_equations()
    {
        using var scope = NewDisposeScope();
        using var layer = new ElmLayer(new(6, 3, 4, 0.8, 0.5, 30, 5, LearnMemories: false), new());
        using var mode = no_grad();
        layer.named_parameters().Single(entry => entry.name == "synapses").parameter.copy_(tensor([0.5f, -0.2f, 1.5f, 0.1f, 0.7f, 0.4f]));
        var input = randn(10, 1, 6);
        var states = layer.forward(input);
        var expected = Unrolled(layer, input.data<float>().ToArray());
        for (var step = 0; step < 10; step++)
            for (var unit = 0; unit < 4; unit++) Assert.Equal(expected[step][unit], states[step, 0, unit].item<float>(), 2e-6);
    }

    // The published equations once more, in double.
    static double[][] Unrolled(ElmLayer layer, float[] input)
    {
        var named = layer.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.data<float>().ToArray());
        double[] taus = [.. Enumerable.Range(0, 4).Select(unit => 0.5 * Math.Pow(60, unit / 3.0))];
        var (branches, memories, states) = (new double[3], new double[4], new double[10][]);
        for (var step = 0; step < 10; step++)
        {
            for (var branch = 0; branch < 3; branch++)
                branches[branch] = Math.Exp(-1 / 0.8) * branches[branch] + Enumerable.Range(2 * branch, 2)
                    .Sum(synapse => Math.Max(0, named["synapses"][synapse]) * input[step * 6 + synapse]);
            double[] known = [.. branches, .. memories.Select((memory, unit) => Math.Exp(-1 / taus[unit]) * memory)];
            double[] inner = [.. Affine("hidden", known).Select(value => Math.Max(0, value))];
            memories = [.. Affine("write", inner).Select((value, unit) =>
                known[3 + unit] + (1 - Math.Exp(-5 / taus[unit])) * 1.7159 * Math.Tanh(2 * value / 3))];
            states[step] = memories;
        }
        return states;

        double[] Affine(string name, double[] x) => [.. named[$"{name}.bias"].Select((bias, row) =>
            bias + x.Select((value, column) => value * named[$"{name}.weight"][row * x.Length + column]).Sum())];
    }

    [Fact]
    public void A_convolution_of_state_spaces_is_their_recurrence_in_steps()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var layer = new StateSpaceLayer("layer1", new(4, 3, 0.05, 0.8, 0), new());
        foreach (var (name, parameter) in layer.named_parameters())
            if (name is "logDecay" or "frequency") parameter.add_(randn_like(parameter) * 0.3);
        var input = randn(40, 1, 4);
        var answers = layer.Systems(input);
        var named = layer.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.data<float>().ToArray());
        for (var unit = 0; unit < 4; unit++)
        {
            var (state, step) = (new Complex[3], Math.Exp(named["logStep"][unit]));
            for (var time = 0; time < 40; time++)
            {
                var (u, y) = ((double)input[time, 0, unit].item<float>(), 0.0);
                for (var at = 0; at < 3; at++)
                {
                    var place = unit * 3 + at;
                    var a = new Complex(-Math.Exp(named["logDecay"][place]), named["frequency"][place]);
                    var kept = Complex.Exp(step * a);
                    state[at] = kept * state[at] + (kept - 1) / a * u;
                    y += 2 * (new Complex(named["readReal"][place], named["readImaginary"][place]) * state[at]).Real;
                }
                Assert.Equal(y + named["through"][unit] * u, answers[time, 0, unit].item<float>(), 1e-4);
            }
        }
    }

    [Fact]
    public void State_spaces_cost_what_a_machine_that_goes_in_steps_would_do()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var ledger = new OperationLedger();
        using var network = Network("s4d", ledger);
        network.eval();
        var counts = ledger.Record(2, () => network.forward(rand(2, 6, 5)));
        Assert.Equal([6 * 35, 6 * 7 * (6 * 3 + 1), 6 * 7 * 14, 6 * 7 * 3], counts.Layers.Select(layer => layer.Macs));
    }

    [Fact]
    public void Units_that_always_speak_are_a_gated_recurrent_unit()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var layer = new EventGruLayer("layer1", Events with { Events = EventRule.Always }, new());
        using var gru = nn.GRU(5, 7);
        var named = gru.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        // libtorch: gates r, z, n.
        Copy(layer.Input.weight, named["weight_ih_l0"]);
        Copy(layer.Input.bias!, named["bias_ih_l0"]);
        Copy(layer.Recurrent.weight, named["weight_hh_l0"]);
        nn.init.normal_(layer.Recurrent.bias!);
        Copy(layer.Recurrent.bias!, named["bias_hh_l0"]);
        var input = randn(12, 3, 5);
        Assert.True((layer.forward(input) - gru.call(input).Item1).abs().max().item<float>() < 1e-6);

        static void Copy(Tensor from, Tensor to)
        {
            var gates = from.chunk(3);
            to.copy_(cat([gates[1], gates[0], gates[2]]));
        }
    }

    [Fact]
    public void Event_by_event_the_outputs_and_the_work_are_those_of_the_dense_pass()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var ledger = new OperationLedger();
        using var layer = new EventGruLayer("layer1", new(5, 24, EventRule.Threshold, 0.1, 0.7, 1, 0, 0), ledger);
        nn.init.normal_(layer.Input.weight);
        var input = randn(30, 1, 5);
        Tensor? dense = null;
        var counts = ledger.Record(1, () => dense = layer.forward(input));
        var engine = new EventGruEngine(layer);
        var outputs = engine.Run(input.data<float>().ToArray());
        var expected = dense!.data<float>().ToArray();
        for (var i = 0; i < outputs.Length; i++) Assert.Equal(expected[i], outputs[i], 1e-5);
        // Every unit that spoke, but in the last step, has 3 · 24 weights.
        Assert.Equal(72L * expected[..^24].Count(value => value != 0), engine.RecurrentMacs);
        Assert.Equal(engine.RecurrentMacs, counts.Layers.Single(one => one.Layer == "layer1.recurrent").Macs);
        Assert.InRange(counts.Layers.Single(one => one.Layer == "layer1.events").FiringRate!.Value, 0.02, 0.6);
    }

    [Fact]
    public void A_silent_unit_learns_through_the_pseudo_derivative()
    {
        using var layer = new EventGruLayer("layer1", new(1, 1, EventRule.Threshold, 0.3, 0.7, 2, 0, 0), new());
        using (no_grad())
        {
            layer.Input.weight.copy_(tensor([0f, 0, 0.5f]).view(3, 1));
            layer.Thresholds.fill_(0.4f);
        }
        using var output = layer.forward(ones(1, 1, 1));
        output.sum().backward();
        // z = 1/2, so the state is tanh(1/2) / 2; below the threshold, y = e s with e = 0, de/dtheta = -gamma (1 - epsilon |s - theta|).
        var state = Math.Tanh(0.5) / 2;
        Assert.Equal(0, output.item<float>());
        Assert.Equal(-0.7 * (1 - 2 * (0.4 - state)) * state, layer.Thresholds.grad!.item<float>(), 1e-6);
    }

    [Fact]
    public void The_penalty_lowers_the_activity()
    {
        double[] activities = [.. new[] { 0.0, 0.3, 30 }.Select(Activity)];
        Assert.True(activities[0] > activities[1] && activities[1] > activities[2], string.Join(" > ", activities));
    }

    static double Activity(double penalty)
    {
        var frames = Enumerable.Range(0, 120).Select(index => new FrameSequence(Values(index), 8, 4, index % 2)).ToArray();
        var family = new EventGru(Units: 16, MeanThreshold: 0.1, Penalty: penalty, Activity: 0.01);
        IModelFamily<FrameSequence, ClassPrediction> trained =
            family with { Training = family.Training with { Epochs = 6, BatchSize = 16, LearningRate = 1e-2 } };
        using var model = trained.Prepare(new(frames[..100], frames[100..]), Runs.Context());
        return model.Count(frames[100..]).Layers.Single(layer => layer.Layer == "layer1.events").FiringRate!.Value;
    }

    static byte[] Values(int index)
    {
        var chance = new SampleOrder(index + 1);
        return [.. Enumerable.Range(0, 32).Select(place => (byte)(chance.Below(4) + (place % 4 == index % 2 ? 4 : 0)))];
    }
}
