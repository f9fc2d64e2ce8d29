using Harness.Spiking.Boards;
using Harness.Spiking.Nir;

namespace Harness.Spiking.Tests.Boards;

public sealed class BoardTests
{
    const double Step = 1e-3;

    [Theory]
    [InlineData("loihi2")]
    [InlineData("spinnaker2")]
    public void Weights_that_a_board_holds_exactly_give_the_spikes_of_the_graph(string board)
    {
        // Weights of one size, and a decay of a quarter, are whole numbers on both boards.
        var graph = Network(inputs: 6, hidden: 10, outputs: 4, (row, column) => ((row * 7 + column * 3) % 5) switch
        {
            0 => -0.75, 1 or 2 => 0.75, _ => 0,
        });
        var simulation = new BoardSimulation(graph, Step, Coarse(Board.Of(board)));
        var runner = new NirRunner(graph, Step);
        var chance = new Random(5);

        for (var step = 0; step < 200; step++)
        {
            int[] fired = [.. Enumerable.Range(0, 6).Where(_ => chance.Next(3) == 0)];
            var expected = runner.Step([.. Enumerable.Range(0, 6).Select(neuron => fired.Contains(neuron) ? 1.0 : 0)]);

            Assert.Equal(Enumerable.Range(0, 4).Where(neuron => expected[neuron] > 0), simulation.Step(fired));
        }

        Assert.True(simulation.Activity[^1].Spikes > 20, "the output hardly fired, so that equality says little");
    }

    [Fact]
    public void Values_enter_as_graded_spikes_and_a_linear_end_is_read_out_by_the_host()
    {
        // Weights of one size and values in sixteenths are whole numbers on the board.
        var graph = NirGraph.Chain([6], [("in", Linear(10, 6, Sign)), ("cells", Lif(10)), ("scale", new NirScale(All(0.5, 10))),
            ("readout", Linear(3, 10, (row, column) => row - 0.1 * column) with { Bias = NirArray.Of([1f, 2, 3], 3) })], [3]);
        var simulation = new BoardSimulation(graph, Step, Coarse(Board.Loihi2));
        var runner = new NirRunner(graph, Step);
        var (chance, counts, sums) = (new Random(5), new double[10], new double[3]);
        const int Steps = 200;

        for (var step = 0; step < Steps; step++)
        {
            int[] sixteenths = [.. Enumerable.Range(0, 6).Select(_ => chance.Next(17))];
            var output = runner.Step([.. sixteenths.Select(value => value / 16.0)]);
            for (var at = 0; at < 3; at++) sums[at] += output[at];
            foreach (var neuron in simulation.StepValues([.. sixteenths.Select((value, at) => new GradedSpike(at, 16 * value))]))
                counts[neuron]++;
        }

        Assert.True(counts.Sum() > 100, "the cells hardly fired, so that equality says little");
        var answer = simulation.Readout.Of([.. counts.Select(count => count / Steps)]);
        Assert.All(answer.Zip(sums), pair => Assert.Equal(pair.Second / Steps, pair.First, tolerance: 1e-9));
        Assert.Equal([new("scale", "scale", 10, 10), new("readout", "linear", 30, 30) { Shape = new(10, 1, 3, 1, Bias: true) }],
            simulation.Readout.Layers);
        Assert.Equal(["cells"], simulation.Placement.Layers.Select(layer => layer.Name));
        Assert.Equal(0, simulation.Activity[0].SynapticEvents);

        static double Sign(int row, int column) => ((row * 7 + column * 3) % 5) switch { 0 => -0.75, 1 or 2 => 0.75, _ => 0 };
    }

    [Fact]
    public void Graded_events_are_the_synapses_of_values_that_arrived()
    {
        var simulation = new BoardSimulation(Network(3, 5, 2, (_, _) => 0.01), Step, Board.Loihi2);

        simulation.StepValues([new(0, 256), new(2, 1)]);

        Assert.Equal((0L, 10L), (simulation.Activity[0].SynapticEvents, simulation.Activity[0].GradedEvents));
        Assert.False(simulation.Readout.IsAny);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(-2, 1)]
    [InlineData(0, 257)]
    [InlineData(0, -1)]
    public void A_value_that_no_input_can_have_is_refused(int neuron, int payload) => Assert.Contains("payloads are 0..256",
        Assert.Throws<HarnessException>(() => new BoardSimulation(Network(3, 5, 2, (_, _) => 0.01), Step, Board.Loihi2)
            .StepValues([new(neuron, payload)])).Message);

    [Fact]
    public void An_end_that_is_neither_neurons_nor_linear_is_refused_by_name()
    {
        var graph = NirGraph.Chain([2], [("cells", Lif(2)), ("membrane", new NirIntegrator(All(1, 2)))], [2]);

        Assert.Contains("node membrane of kind I", Assert.Throws<UnsupportedException>(() =>
            new BoardSimulation(graph, Step, Board.Loihi2)).Message);
    }

    [Fact]
    public void A_layer_that_feeds_itself_hears_itself_a_step_later()
    {
        var neuron = Lif(1, threshold: 0.2);
        var graph = new NirGraph(new Dictionary<string, NirNode>
        {
            ["input"] = new NirInput([1]), ["in"] = Linear(1, 1, (_, _) => 1), ["cells"] = neuron, ["back"] = Linear(1, 1, (_, _) => 1),
            ["output"] = new NirOutput([1]),
        }, [new("input", "in"), new("in", "cells"), new("cells", "back"), new("back", "cells"), new("cells", "output")]);
        var simulation = new BoardSimulation(graph, Step, Board.Loihi2);

        Assert.Equal([0], simulation.Step([0]));
        Assert.All(Enumerable.Range(0, 5), _ => Assert.Equal([0], simulation.Step([])));
        simulation.Reset();
        Assert.Empty(simulation.Step([]));
    }

    [Fact]
    public void Activity_counts_every_synapse_that_a_spike_reached()
    {
        var simulation = new BoardSimulation(Network(3, 5, 2, (_, _) => 0.01), Step, Board.Loihi2);

        simulation.Step([0, 2]);
        simulation.Step([1]);

        var hidden = simulation.Activity[0];
        Assert.Equal((15L, 10L, 0L, 30L), (hidden.SynapticEvents, hidden.NeuronUpdates, hidden.Spikes, hidden.DenseOperations));
    }

    [Fact]
    public void Layers_lie_on_cores_of_their_own_as_many_as_memory_and_neurons_ask_for()
    {
        var placement = new BoardSimulation(Network(300, 1000, 10, (_, _) => 1), Step, Board.Loihi2).Placement;

        // 300 synapses of 3 bytes and 8 bytes of neuron: 216 neurons fill the 196608 bytes of a core.
        Assert.Equal([0, 216, 432, 648, 864], placement.Layers[0].FirstNeurons);
        Assert.Single(placement.Layers[1].FirstNeurons);
        Assert.Equal(6, placement.Cores);
        Assert.Equal(310_000, placement.Synapses);
    }

    [Fact]
    public void More_neurons_than_a_core_takes_need_another_core() =>
        Assert.Equal([0, 8192], new BoardSimulation(Network(1, 8193, 1, (row, _) => row == 0 ? 1 : 0), Step, Board.Loihi2)
            .Placement.Layers[0].FirstNeurons);

    [Theory]
    [InlineData(2, 20, 100, "cores")]
    [InlineData(1, 20, 30, "synapses, allowed are 30")]
    [InlineData(1, 4, 1000, "synapses into a neuron of hidden, allowed are 4")]
    public void What_does_not_fit_is_refused_with_the_limit(int cores, int fanIn, int synapses, string expected)
    {
        var small = Board.Loihi2 with { Cores = cores, FanIn = fanIn, Synapses = synapses, NeuronsPerCore = 4 };

        var error = Assert.Throws<UnsupportedException>(() => new BoardSimulation(Network(6, 10, 2, (_, _) => 1), Step, small));

        Assert.Contains(expected, error.Message);
        Assert.Contains("does not fit Intel Loihi 2", error.Message);
    }

    [Fact]
    public void A_neuron_that_no_core_can_hold_is_refused_with_its_bytes()
    {
        var error = Assert.Throws<UnsupportedException>(() =>
            new BoardSimulation(Network(6, 1, 1, (_, _) => 1), Step, Board.Spinnaker2 with { CoreBytes = 30 }));

        Assert.Contains("40 bytes for neuron 0 of hidden with 6 synapses, allowed are 30", error.Message);
    }

    [Fact]
    public void A_threshold_that_the_state_bits_cannot_hold_is_refused()
    {
        var error = Assert.Throws<UnsupportedException>(() =>
            new BoardSimulation(Network(2, 2, 2, (_, _) => 1e-6), Step, Board.Loihi2));

        Assert.Contains("24 state bits", error.Message);
    }

    [Fact]
    public void A_node_that_no_board_computes_is_refused_by_name()
    {
        var graph = NirGraph.Chain([2], [("slow", new NirDelay(NirArray.Filled(NirType.Float64, Step, 2))), ("cells", Lif(2))], [2]);

        Assert.Contains("slow", Assert.Throws<UnsupportedException>(() => new BoardSimulation(graph, Step, Board.Loihi2)).Message);
    }

    // What decays is rounded towards 0: with more bits below a weight the rounding moves no spike.
    static Board Coarse(Board board) => board with { FractionBits = 12, StateBits = 40 };

    static NirGraph Network(int inputs, int hidden, int outputs, Func<int, int, double> weight) => NirGraph.Chain([inputs],
    [
        ("in", Linear(hidden, inputs, weight)), ("hidden", Lif(hidden)), ("out", Linear(outputs, hidden, weight)), ("last", Lif(outputs)),
    ], [outputs]);

    static NirAffine Linear(int rows, int columns, Func<int, int, double> weight) => new(new NirArray(NirType.Float64,
        [.. Enumerable.Range(0, rows * columns).Select(at => weight(at / columns, at % columns))], rows, columns), null);

    static NirLif Lif(int count, double threshold = 0.3) => new(All(4 * Step, count), All(1, count), All(0, count), All(threshold, count),
        All(0, count));

    static NirArray All(double value, int count) => NirArray.Filled(NirType.Float64, value, count);
}
