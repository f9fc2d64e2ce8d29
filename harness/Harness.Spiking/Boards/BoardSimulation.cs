using System.Runtime.InteropServices;
using Harness.Spiking.Nir;

namespace Harness.Spiking.Boards;

/// <summary>What a layer did over some steps.</summary>
/// <param name="SynapticEvents">Spikes that arrived at a synapse: accumulates.</param>
/// <param name="GradedEvents">Spikes with a value that arrived at a synapse: multiply-accumulates.</param>
/// <param name="NeuronUpdates">A board updates every neuron in every step.</param>
/// <param name="DenseOperations">Synapses times steps.</param>
public sealed record LayerActivity(string Layer, int Neurons, long Spikes, long SynapticEvents, long GradedEvents, long NeuronUpdates,
    long DenseOperations, long WeightBytes);

/// <summary>A spike that carries a value, 0 to 1.</summary>
/// <param name="Payload">The value in 1/256: 0..256.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct GradedSpike(int Neuron, int Payload)
{
    /// <summary>Bits of a payload below 1.</summary>
    public const int Bits = 8;
}

/// <summary>
/// Simulates a NIR graph as a board computes it, event by event in integers: w is a weight in units that the layer's largest one fills,
/// u ← sat(u − ⌊u d / 2^D⌋₀ + (bias + Σ w) 2^F), d = round(leak 2^D); u above the bar fires and resets. The order of a step is
/// NIR's. Input may come as values: graded spikes of payloads p add ⌊(Σ w p) 2^F / 2^8⌋. What is linear behind the last neurons is the
/// host's.
/// It is a model of the arithmetic and of the limits, not of the clock: emulated, and its times mean nothing.
/// </summary>
public sealed class BoardSimulation
{
    readonly BoardNetwork network;
    readonly Dictionary<string, List<int>> fired;
    readonly List<Layer> layers;
    int steps;

    /// <param name="step">Seconds of a step.</param>
    /// <exception cref="UnsupportedException">The graph does not fit the board, or has nodes that the board cannot compute.</exception>
    public BoardSimulation(NirGraph graph, double step, Board board)
    {
        network = new(graph, step);
        Placement = Placement.Of(network, board);
        layers = [.. network.Populations.Select(population => new Layer(population, board))];
        fired = network.Populations.Select(population => population.Name).Append(network.Input).ToDictionary(name => name,
            _ => new List<int>());
    }

    public Placement Placement { get; }
    /// <summary>What the host computes from the spikes of the output.</summary>
    public HostReadout Readout => network.Readout;
    /// <summary>Name of the layer whose spikes are the answer, or go to the host.</summary>
    public string Output => network.Output;
    public int Inputs => network.Inputs;
    public int Outputs => layers.Single(layer => layer.Name == network.Output).Count;

    /// <summary>One step.</summary>
    /// <param name="input">Neurons of the input that fire.</param>
    /// <returns>Neurons of the output that fire.</returns>
    public IReadOnlyList<int> Step(IReadOnlyList<int> input)
    {
        if (input.FirstOrDefault(neuron => (uint)neuron >= (uint)Inputs, -1) is var odd && odd != -1)
            throw new HarnessException($"Input neuron {odd} does not exist: there are {Inputs}, counted from 0.");
        fired[network.Input] = [.. input];
        return Advance([]);
    }

    /// <summary>One step whose input are values, for boards whose spikes carry them.</summary>
    /// <returns>Neurons of the output that fire.</returns>
    /// <exception cref="HarnessException">A neuron does not exist, or a payload is out of range.</exception>
    public IReadOnlyList<int> StepValues(IReadOnlyList<GradedSpike> input)
    {
        if (input.FirstOrDefault(spike => (uint)spike.Neuron >= (uint)Inputs || (uint)spike.Payload > 1 << GradedSpike.Bits,
            new(-1, 0)) is { Neuron: not -1 } odd)
            throw new HarnessException($"{odd} is not possible: there are {Inputs} input neurons, counted from 0, and payloads are "
                + $"0..{1 << GradedSpike.Bits}.");
        fired[network.Input] = [];
        return Advance(input);
    }

    List<int> Advance(IReadOnlyList<GradedSpike> graded)
    {
        // An edge that leads back brings the list of the step before, which its layer has not replaced yet.
        foreach (var layer in layers) fired[layer.Name] = layer.Step(fired, network.Input, graded);
        steps++;
        return fired[network.Output];
    }

    /// <summary>Back to time 0; counts go on.</summary>
    public void Reset()
    {
        foreach (var layer in layers) layer.Reset();
        foreach (var name in fired.Keys) fired[name] = [];
    }

    /// <summary>What each layer did since the simulation was made.</summary>
    public IReadOnlyList<LayerActivity> Activity => [.. layers.Select(layer => layer.Activity(steps))];

    sealed class Layer
    {
        readonly BoardPopulation population;
        readonly Board board;
        readonly int[][] weights;
        readonly long[] potential, bias, arrived, weighed;
        readonly long most, leak, bar, reset;
        long spikes, events, gradedEvents;

        public Layer(BoardPopulation population, Board board)
        {
            (this.population, this.board) = (population, board);
            var largest = population.Gain * population.Into.SelectMany(projection => projection.Weights).Select(Math.Abs)
                .DefaultIfEmpty(0).Max();
            var unit = ((1L << (board.WeightBits - 1)) - 1) / (largest > 0 ? largest : 1);
            var scale = unit * (1L << board.FractionBits);
            most = (1L << (board.StateBits - 1)) - 1;
            weights = [.. population.Into.Select(projection =>
                projection.Weights.Select(weight => (int)Math.Round(weight * population.Gain * unit)).ToArray())];
            leak = (long)Math.Round(population.Leak * (1L << board.DecayBits));
            if (leak == 0 && population.Leak > 0)
                throw new UnsupportedException($"The decay of {population.Name}, {population.Leak:G3} a step, is 0 in the "
                    + $"{board.DecayBits} decay bits of {board.Title}; use longer steps or shorter time constants.");
            (bar, reset) = (State(population.Bar * scale, "threshold"), State(population.Reset * scale, "reset potential"));
            (potential, bias) = (new long[population.Count], new long[population.Count]);
            (arrived, weighed) = (new long[population.Count], new long[population.Count]);
            for (var neuron = 0; neuron < bias.Length; neuron++)
                bias[neuron] = State(population.Into.Sum(projection => projection.Bias[neuron]) * population.Gain * scale, "bias");
        }

        public string Name => population.Name;
        public int Count => population.Count;

        public List<int> Step(Dictionary<string, List<int>> sources, string input, IReadOnlyList<GradedSpike> graded)
        {
            Array.Clear(arrived);
            Array.Clear(weighed);
            for (var at = 0; at < weights.Length; at++)
            {
                Arrive(population.Into[at], weights[at], sources[population.Into[at].Source]);
                if (population.Into[at].Source == input) Arrive(population.Into[at], weights[at], graded);
            }
            var firing = new List<int>();
            for (var neuron = 0; neuron < potential.Length; neuron++)
            {
                var u = potential[neuron];
                u += bias[neuron] + (arrived[neuron] << board.FractionBits)
                    + (weighed[neuron] << board.FractionBits >> GradedSpike.Bits) - u * leak / (1L << board.DecayBits);
                u = Math.Clamp(u, -most - 1, most);
                if (u > bar)
                {
                    firing.Add(neuron);
                    u = reset;
                }
                potential[neuron] = u;
            }
            spikes += firing.Count;
            return firing;
        }

        public void Reset() => Array.Clear(potential);

        public LayerActivity Activity(long steps)
        {
            long synapses = population.Into.Sum(projection => projection.Count);
            return new(Name, Count, spikes, events, gradedEvents, steps * Count, steps * synapses, synapses * board.WeightBits / 8);
        }

        void Arrive(BoardProjection projection, int[] values, List<int> sources)
        {
            foreach (var source in sources)
            {
                for (var synapse = projection.Starts[source]; synapse < projection.Starts[source + 1]; synapse++)
                    arrived[projection.Targets[synapse]] += values[synapse];
                events += projection.Starts[source + 1] - projection.Starts[source];
            }
        }

        void Arrive(BoardProjection projection, int[] values, IReadOnlyList<GradedSpike> sources)
        {
            foreach (var (source, payload) in sources)
            {
                for (var synapse = projection.Starts[source]; synapse < projection.Starts[source + 1]; synapse++)
                    weighed[projection.Targets[synapse]] += (long)values[synapse] * payload;
                gradedEvents += projection.Starts[source + 1] - projection.Starts[source];
            }
        }

        long State(double value, string what) => Math.Abs(Math.Round(value)) <= most ? (long)Math.Round(value)
            : throw new UnsupportedException($"The {what} of {Name} is {Math.Abs(Math.Round(value)):G4} in the "
                + $"{board.FractionBits} fraction bits below a weight, allowed are {most} ({board.StateBits} state bits of {board.Title}); "
                + "scale weights and thresholds.");
    }
}
