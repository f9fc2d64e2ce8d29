using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Harness.Spiking.Neurons;
using Harness.Spiking.Simulation;
using Harness.Torch;

namespace Harness.Spiking.Tests.Simulation;

/// <summary>Every spike in its step, against Brian2 (Reference/simulator.py, which draws the same networks).</summary>
public sealed class BrianTests
{
    const double Step = 1e-4;

    static readonly Lazy<JsonElement> Document = new(() =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "simulator.json"))).RootElement);

    [Theory]
    [InlineData("lif_hard", false)]
    [InlineData("lif_hard", true)]
    [InlineData("lif_soft", false)]
    [InlineData("lif_soft", true)]
    public void Leaky_cells_fire_as_in_brian(string name, bool events)
    {
        var hard = name == "lif_hard";
        var cell = new LifCell(20e-3, -50, -65, -60, hard ? 2e-3 : 0) { ResetRule = hard ? ResetRule.Hard : ResetRule.Soft };
        var chance = new SampleOrder(11);
        var network = new SpikingNetwork(Step);
        var inputs = network.AddInput("inputs", 30);
        var cells = network.AddCells("cells", 10, cell);
        var spikes = Train(chance, 30, 5000, 0.004);
        var pairs = Pairs(chance, 30, 10, 0.5);
        network.Connect(inputs, cells, Draw(pairs, () => 4 * chance.Unit() - 1, () => chance.Below(40)));
        for (var k = 0; k < 10; k++) cells.Drive[k] = 6 + 2 * k;
        var simulator = new Simulator(network, events ? Engine.EventDriven : Engine.ClockDriven);
        simulator.Feed(inputs, spikes);
        simulator.Run(0.5);
        Same(name, simulator.Spikes(cells));
    }

    [Fact]
    public void Conductance_cells_fire_as_in_brian()
    {
        var chance = new SampleOrder(12);
        var network = new SpikingNetwork(Step);
        var cells = network.AddCells("cells", 20, new ConductanceCell(20e-3, -50, -60, -60, 0, -80, 5e-3));
        for (var k = 0; k < 20; k++) cells.Drive[k] = 0.5 * k;
        var fed = new List<(Population, List<SpikeEvent>)>();
        foreach (var (count, rate, size, receptor) in new[]
        {
            (60, 0.003, 0.3, Receptor.Excitatory), (20, 0.004, 0.6, Receptor.Inhibitory),
        })
        {
            var inputs = network.AddInput($"{receptor}", count);
            fed.Add((inputs, Train(chance, count, 5000, rate)));
            var pairs = Pairs(chance, count, 20, 0.4);
            network.Connect(inputs, cells, Draw(pairs, () => size * chance.Unit(), () => chance.Below(30)), receptor);
        }
        var simulator = new Simulator(network, Engine.ClockDriven);
        foreach (var (inputs, spikes) in fed) simulator.Feed(inputs, spikes);
        simulator.Run(0.5);
        Same("conductance", simulator.Spikes(cells));
    }

    [Theory]
    [InlineData("regular", 0.02, -65, 8)]
    [InlineData("bursting", 0.02, -55, 4)]
    [InlineData("chattering", 0.02, -50, 2)]
    [InlineData("fast", 0.1, -65, 2)]
    public void Izhikevich_cells_fire_as_in_brian(string name, double a, double c, double d)
    {
        var chance = new SampleOrder(13);
        var network = new SpikingNetwork(Step);
        var inputs = network.AddInput("inputs", 15);
        var cells = network.AddCells("cells", 8, new IzhikevichCell(a, 0.2, c, d) { Fires = FireRule.AtLeast });
        for (var k = 0; k < 8; k++) cells.Drive[k] = 2 + k;
        var spikes = Train(chance, 15, 5000, 0.003);
        var pairs = Pairs(chance, 15, 8, 0.5);
        network.Connect(inputs, cells, Draw(pairs, () => 5 * chance.Unit(), () => chance.Below(20)));
        var simulator = new Simulator(network, Engine.ClockDriven);
        simulator.Feed(inputs, spikes);
        simulator.Run(0.5);
        Same($"izhikevich_{name}", simulator.Spikes(cells));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_network_of_400_excitatory_and_inhibitory_cells_with_delays_fires_as_in_brian(bool events)
    {
        var (network, cells) = Networks.Balanced();
        var simulator = new Simulator(network, events ? Engine.EventDriven : Engine.ClockDriven);
        simulator.Run(0.5);
        Same("balanced", simulator.Spikes(cells));
    }

    [Theory]
    [InlineData("pair", false)]
    [InlineData("pair", true)]
    [InlineData("triplet", false)]
    [InlineData("triplet", true)]
    public void Plastic_synapses_learn_as_in_brian(string name, bool events)
    {
        Plasticity rule = name == "pair" ? new PairStdp(0.05, 0.06, 20e-3, 25e-3, 0, 4)
            : new TripletStdp(0.01, 0.02, 0.03, 0.01, 16.8e-3, 33.7e-3, 101e-3, 125e-3, 0, 4);
        var chance = new SampleOrder(15);
        var network = new SpikingNetwork(Step);
        var inputs = network.AddInput("inputs", 20);
        var cells = network.AddCells("cells", 5, new LifCell(20e-3, 10, Refractory: 3e-3));
        for (var k = 0; k < 5; k++) cells.Drive[k] = 4 + k;
        var spikes = Train(chance, 20, 10000, 0.002);
        var wires = Pairs(chance, 20, 5, 0.8);
        var outer = network.Connect(inputs, cells, Draw(wires, () => 3 * chance.Unit(), () => chance.Below(31)), plasticity: rule);
        var among = Pairs(chance, 5, 5, 0.7);
        var inner = network.Connect(cells, cells, Draw(among, () => 2 * chance.Unit(), () => chance.Below(31)), plasticity: rule);
        var simulator = new Simulator(network, events ? Engine.EventDriven : Engine.ClockDriven);
        simulator.Feed(inputs, spikes);
        simulator.Run(1);
        Same(name, simulator.Spikes(cells));
        Close("weights", outer);
        Close("inner", inner);

        void Close(string key, Projection projection)
        {
            var expected = Document.Value.GetProperty(name).GetProperty(key).EnumerateArray().Select(one => one.GetDouble()).ToArray();
            var weights = simulator.Weights(projection);
            Assert.Equal(expected.Length, weights.Length);
            for (var at = 0; at < expected.Length; at++) Assert.Equal(expected[at], weights[at], 1e-9);
            Assert.True(weights.Zip(projection.Synapses.Weights).Count(pair => pair.First != pair.Second) > weights.Length / 2);
        }
    }

    [Fact]
    public void Integers_fire_as_an_independent_integer_loop_does()
    {
        var chance = new SampleOrder(16);
        var network = new SpikingNetwork(Step);
        var inputs = network.AddInput("inputs", 12);
        var cells = network.AddCells("cells", 6, new LifCell(20e-3, 10, Refractory: 2e-3));
        for (var k = 0; k < 6; k++) cells.Drive[k] = 8 + k;
        var spikes = Train(chance, 12, 5000, 0.01);
        var pairs = Pairs(chance, 12, 6, 0.6);
        network.Connect(inputs, cells, Draw(pairs, () => 3 * chance.Unit() - 0.8, () => 0), Receptor.Excitatory);
        var simulator = new Simulator(network, new FixedPoint());
        simulator.Feed(inputs, spikes);
        simulator.Run(0.5);
        Same("fixed_point", simulator.Spikes(cells));
    }

    static void Same(string name, SpikeLog log)
    {
        var expected = Document.Value.GetProperty(name);
        Assert.Equal(expected.GetProperty("counts").EnumerateArray().Select(one => one.GetInt32()), log.Counts());
        Assert.Equal(expected.GetProperty("first").EnumerateArray()
            .Select(one => one.ValueKind == JsonValueKind.Null ? null : (int?)one.GetInt32()), log.FirstSteps());
        var text = string.Concat(log.Spikes.Select(spike => $"{spike.Step} {spike.Neuron}\n"));
        Assert.Equal(expected.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text))));
    }

    static List<SpikeEvent> Train(SampleOrder chance, int neurons, int steps, double probability) =>
        [.. from step in Enumerable.Range(0, steps) from neuron in Enumerable.Range(0, neurons)
            where chance.Unit() < probability select new SpikeEvent(step, neuron)];

    static Synapses Pairs(SampleOrder chance, int sources, int targets, double probability) =>
        Synapses.Random(sources, targets, probability, 0, 0, chance);

    // Weights are drawn before delays, as in the script.
    static Synapses Draw(Synapses pairs, Func<double> weight, Func<int> delay)
    {
        var weights = Array.ConvertAll(pairs.Weights, _ => weight());
        return pairs with { Weights = weights, Delays = Array.ConvertAll(pairs.Delays, _ => delay() * Step) };
    }
}
