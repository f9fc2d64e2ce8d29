using Harness.Spiking.Neurons;
using Harness.Spiking.Simulation;

namespace Harness.Spiking.Tests.Simulation;

public sealed class SimulatorTests
{
    public static TheoryData<bool> Engines() => [false, true];

    static Engine Of(bool events) => events ? Engine.EventDriven : Engine.ClockDriven;

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_driven_cell_fires_where_its_solution_crosses_the_threshold(bool events)
    {
        var network = new SpikingNetwork(1e-4);
        var cells = network.AddCells("cells", 5, new LifCell(10e-3, 1));
        for (var k = 0; k < 5; k++) cells.Drive[k] = 1.1 + 0.2 * k;
        var simulator = new Simulator(network, Of(events));
        simulator.Run(0.2);
        var first = simulator.Spikes(cells).FirstSteps();
        // v(t) = I (1 − exp(−t / tau)) crosses 1 at tau ln(I / (I − 1)); the state at the end of step n is v((n + 1) h).
        // From the reset on it repeats itself.
        for (var k = 0; k < 5; k++)
        {
            var crossing = (int)Math.Floor(10e-3 * Math.Log(cells.Drive[k] / (cells.Drive[k] - 1)) / 1e-4);
            Assert.Equal(crossing, first[k]);
            Assert.Equal(2000 / (crossing + 1), simulator.Spikes(cells).Counts()[k]);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_current_follows_its_closed_form(bool events)
    {
        var (network, input, cell, _) = Networks.Pair(new LifCell(20e-3, 10), 2, 3e-3, Receptor.Excitatory);
        var simulator = new Simulator(network, Of(events));
        simulator.Feed(input, [new(4, 0)]);
        simulator.Run(40e-3);
        // Fired in step 4, arrived 3 steps later at the end of step 7; 32 steps are left.
        var expected = 2 * 5 / (5 - 20.0) * (Math.Exp(-32 / 5.0) - Math.Exp(-32 / 20.0));
        Assert.Equal(expected, simulator.Potentials(cell)[0], 1e-12);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Equal_time_constants_have_the_limit_of_unequal_ones(bool events)
    {
        double After(double tau)
        {
            var (network, input, cell, _) = Networks.Pair(new LifCell(20e-3, 10) { ExcitatoryTau = tau }, 2, 0, Receptor.Excitatory);
            var simulator = new Simulator(network, Of(events));
            simulator.Feed(input, [new(0, 0)]);
            simulator.Run(30e-3);
            return simulator.Potentials(cell)[0];
        }
        Assert.Equal(2 * (29 / 20.0) * Math.Exp(-29 / 20.0), After(20e-3), 1e-12);
        Assert.Equal(After(20e-3), After(20e-3 * (1 + 1e-6)), 1e-6);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_refractory_cell_stands_still_and_loses_jumps_but_keeps_currents(bool events)
    {
        var model = new LifCell(1e3, 1, Refractory: 5e-3);
        var (network, input, cell, _) = Networks.Pair(model, 1.5);
        var simulator = new Simulator(network, Of(events));
        // Arrives at the end of step 2, fires in step 3; integrates again from step 8 on, and takes jumps from then on.
        simulator.Feed(input, [new(2, 0), new(3, 0), new(5, 0), new(7, 0), new(8, 0)]);
        simulator.Run(20e-3);
        Assert.Equal([3, 9], simulator.Spikes(cell).Spikes.Select(spike => spike.Step));

        var (other, current, target, _) = Networks.Pair(model with { Tau = 20e-3, ExcitatoryTau = 1e3 }, 60, 0, Receptor.Excitatory);
        var second = new Simulator(other, Of(events));
        second.Feed(current, [new(0, 0)]);
        second.Run(30e-3);
        // The current of 60 fires the cell as soon as it may: every 5 steps.
        Assert.Equal([1, 6, 11, 16, 21, 26], second.Spikes(target).Spikes.Select(spike => spike.Step));
    }

    [Fact]
    public void A_spike_without_delay_arrives_before_the_reset_of_its_step()
    {
        var network = new SpikingNetwork(1e-3);
        var input = network.AddInput("input", 1);
        var cells = network.AddCells("cells", 2, new LifCell(1e3, 1));
        network.Connect(input, cells, Synapses.AllToAll(1, 2, 1.5));
        network.Connect(cells, cells, new([0], [1], [0.7], [0]));
        var simulator = new Simulator(network, Engine.ClockDriven);
        simulator.Feed(input, [new(0, 0)]);
        simulator.Run(2e-3);
        // Both fire in step 1; the jump of 0.7 into the second is wiped by its reset.
        Assert.Equal([0, 0], simulator.Potentials(cells));
        Assert.Equal([1, 1], simulator.Spikes(cells).Counts());
    }

    [Theory]
    [InlineData(FireRule.Above, 0)]
    [InlineData(FireRule.AtLeast, 1)]
    public void The_threshold_itself_fires_where_the_rule_says_so(FireRule rule, int spikes)
    {
        // A time constant so long that 0.5 + 0.5 stays exactly 1 for two steps.
        var (network, input, cell, _) = Networks.Pair(new LifCell(1e18, 1) { Fires = rule }, 0.5);
        var simulator = new Simulator(network, Engine.ClockDriven);
        simulator.Feed(input, [new(0, 0), new(1, 0)]);
        simulator.Run(5e-3);
        Assert.Equal(spikes, simulator.Spikes(cell).Counts()[0]);
    }

    [Fact]
    public void Sleeping_cells_fire_the_same_spikes_with_fewer_updates()
    {
        SpikeEvent[] Fired(Engine engine, out SimulationCounts counts)
        {
            var network = new SpikingNetwork(1e-4);
            var noise = network.AddPoisson("noise", 40, 5);
            var cells = network.AddCells("cells", 200, new LifCell(20e-3, 1, Refractory: 2e-3));
            var chance = new Torch.SampleOrder(5);
            network.Connect(noise, cells, Synapses.Random(40, 200, 0.1, 0.9, 1e-3, chance));
            network.Connect(noise, cells, Synapses.Random(40, 200, 0.05, 2, 2e-3, chance), Receptor.Excitatory);
            network.Connect(cells, cells, Synapses.Random(200, 200, 0.02, -0.5, 1.5e-3, chance, self: false), Receptor.Inhibitory);
            network.Connect(cells, cells, Synapses.Random(200, 200, 0.02, 0.3, 1.5e-3, chance, self: false));
            var simulator = new Simulator(network, engine, seed: 7);
            counts = simulator.Run(1);
            Assert.True(simulator.Spikes(cells).Spikes.Count > 200);
            return [.. simulator.Spikes(cells).Spikes];
        }
        Assert.Equal(Fired(Engine.ClockDriven, out var clock), Fired(Engine.EventDriven, out var events));
        Assert.Equal(clock with { NeuronUpdates = 0 }, events with { NeuronUpdates = 0 });
        Assert.Equal(200 * 10_000, clock.NeuronUpdates);
        Assert.True(events.NeuronUpdates < clock.NeuronUpdates / 2, $"{events.NeuronUpdates} updates");
    }

    [Fact]
    public void What_a_simulation_did_is_counted_to_the_last_event()
    {
        var network = new SpikingNetwork(1e-3);
        var input = network.AddInput("input", 3);
        var cells = network.AddCells("cells", 4, new LifCell(20e-3, 1));
        network.Connect(input, cells, Synapses.AllToAll(3, 4, 0.01), plasticity: new PairStdp(0.01, 0.01));
        network.Connect(cells, cells, Synapses.OneToOne(4, 0.5, 2e-3));
        var kick = network.AddInput("kick", 1);
        network.Connect(kick, cells, new([0], [2], [5], [0]));
        var simulator = new Simulator(network, Engine.ClockDriven);
        simulator.Feed(input, [new(0, 0), new(3, 1), new(3, 2)]);
        simulator.Feed(kick, [new(5, 0)]);
        // Spikes: 3 + 1 + one of cell 2 in step 6. Arrivals: 3 × 4, 1, and the recurrent one in step 8. Weights: 12 by arrivals, and the
        // 3 into cell 2.
        Assert.Equal(new SimulationCounts(5, 14, 80, 15), simulator.Run(20e-3));
        Assert.Equal(new SimulationCounts(0, 0, 40, 0), simulator.Run(10e-3));
    }

    [Fact]
    public void Izhikevich_channels_are_currents_and_conductances_reverse()
    {
        var (network, input, cell, _) = Networks.Pair(new IzhikevichCell { ExcitatoryTau = 1e3 }, 10, 0, Receptor.Excitatory, 1e-4);
        var fed = new Simulator(network, Engine.ClockDriven);
        fed.Feed(input, [new(0, 0)]);
        fed.Run(0.3);
        var driven = new SpikingNetwork(1e-4);
        var other = driven.AddCells("cell", 1, new IzhikevichCell());
        other.Drive[0] = 10;
        var simulator = new Simulator(driven, Engine.ClockDriven);
        simulator.Run(0.3);
        Assert.InRange(fed.Spikes(cell).Counts()[0], 5, 30);
        Assert.Equal(simulator.Spikes(other).Counts(), fed.Spikes(cell).Counts());

        // A conductance that lasts holds the cell between rest and reversal: (−60 + 3 × −80) / 4.
        var model = new ConductanceCell(20e-3, -50, -60, -60, 0, -80) { InhibitoryTau = 1e9 };
        var (conducting, source, target, _) = Networks.Pair(model, 3, 0, Receptor.Inhibitory);
        var third = new Simulator(conducting, Engine.ClockDriven);
        third.Feed(source, [new(0, 0)]);
        third.Run(0.5);
        Assert.Equal(-75, third.Potentials(target)[0], 1e-6);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_quiet_simulator_repeats_itself_and_keeps_weights_and_time(bool events)
    {
        var (network, input, cell, synapse) = Networks.Pair(new LifCell(20e-3, 1), 0.8, 2e-3,
            plasticity: new PairStdp(0, 0.1, Most: 2));
        var simulator = new Simulator(network, Of(events));
        simulator.Feed(input, [new(0, 0), new(1, 0), new(4, 0)]);
        simulator.Run(3e-3);
        simulator.Quiet();
        simulator.Run(2e-3);
        Assert.Equal(5, simulator.Steps);
        Assert.Equal([0], simulator.Potentials(cell));
        Assert.Equal(0, simulator.Spikes(cell).Counts()[0]);
        Assert.Equal([0.8], simulator.Weights(synapse));
        simulator.Feed(input, [new(5, 0), new(6, 0)]);
        simulator.Run(10e-3);
        Assert.Equal([9], simulator.Spikes(cell).Spikes.Select(spike => spike.Step));
        simulator.Forget();
        Assert.Empty(simulator.Spikes(cell).Spikes);
    }

    [Fact]
    public void Poisson_trains_have_their_rate_and_no_memory_and_repeat_by_seed()
    {
        SpikeEvent[] Trains(int seed)
        {
            var network = new SpikingNetwork(1e-3);
            var noise = network.AddPoisson("noise", 200, 50);
            var simulator = new Simulator(network, Engine.ClockDriven, seed);
            simulator.Run(20);
            return [.. simulator.Spikes(noise).Spikes];
        }
        var spikes = Trains(3);
        Assert.Equal(spikes, Trains(3));
        Assert.NotEqual(spikes, Trains(4));
        // 4 million draws of probability 0.05: five deviations are 2180.
        Assert.InRange(spikes.Length, 200_000 - 2180, 200_000 + 2180);
        // Pairs of consecutive steps of one neuron: 0.05² of 3 999 800; five deviations are 500.
        var set = spikes.ToHashSet();
        Assert.InRange(spikes.Count(spike => set.Contains(spike with { Step = spike.Step + 1 })), 10_000 - 500, 10_000 + 500);
        Assert.All(spikes.CountBy(spike => spike.Neuron), one => Assert.InRange(one.Value, 1000 - 160, 1000 + 160));
    }

    [Fact]
    public void What_cannot_be_simulated_is_an_error_that_says_what_to_do()
    {
        Error("time step", () => _ = new SpikingNetwork(0));
        Error("below the threshold", () => _ = new SpikingNetwork(1e-3).AddCells("a", 1, new LifCell(1e-2, 1, Reset: 1)));
        Error("membrane time constant must be above 0", () => _ = new SpikingNetwork(1e-3).AddCells("a", 1, new LifCell(0, 1)));
        Error("0.001 s or less", () => _ = new SpikingNetwork(2e-3).AddCells("a", 1, new IzhikevichCell()));
        Error("below one spike per step", () => _ = new SpikingNetwork(1e-3).AddPoisson("a", 1, 1000));
        var (network, input, cell, _) = Networks.Pair(new LifCell(1e-2, 1), 1);
        Error("another network", () => network.Connect(Networks.Pair(new LifCell(1e-2, 1), 1).Input, cell, Synapses.OneToOne(1, 1)));
        Error("takes none", () => network.Connect(cell, input, Synapses.OneToOne(1, 1)));
        Error("neuron 0 of 1 with neuron 1 of 1", () => network.Connect(input, cell, new([0], [1], [1], [0])));
        Error("delay of -1", () => network.Connect(input, cell, Synapses.OneToOne(1, 1, -1)));
        Error("is not below", () => network.Connect(input, cell, Synapses.OneToOne(1, 1), plasticity: new PairStdp(1, 1, Least: 1)));
        Error("two populations named cell", () => network.AddInput("cell", 1));
        var simulator = new Simulator(network, Engine.ClockDriven);
        Error("fires on its own", () => simulator.Feed(cell, []));
        Error("1 steps have passed", () =>
        {
            simulator.Run(1e-3);
            simulator.Feed(input, [new(0, 0)]);
        });
        var conductance = Networks.Pair(new ConductanceCell(1e-2, 1, 0, 0, 5, -1), 1).Network;
        Error("only the clock-driven", () => _ = new Simulator(conductance, Engine.EventDriven));
        var plastic = Networks.Pair(new LifCell(1e-2, 1), 1, plasticity: new PairStdp(1, 1)).Network;
        Error("are plastic", () => _ = new Simulator(plastic, new FixedPoint()));
        Error("WeightBits must be 2 to 24", () => _ = new Simulator(network, new FixedPoint(WeightBits: 1)));
        Error("needs more than 8 state bits", () => _ = new Simulator(network, new FixedPoint(StateBits: 8)));

        static void Error(string words, Action act) =>
            Assert.Contains(words, Assert.Throws<HarnessException>(act).Message, StringComparison.Ordinal);
    }
}
