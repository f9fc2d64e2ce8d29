using Harness.Torch;

namespace Suites.SpikingTransformers.Networks.Liquids;

/// <summary>
/// Who reaches whom: inputs first, then the neurons of the liquid, as sources; the synapses of a source lie side by side. Neurons are put
/// onto a cubic lattice in a random order and joined with a probability that falls with their distance; the first four fifths excite.
/// </summary>
sealed class LiquidWiring
{
    const double InputProbability = 0.15;
    const double Reach = 3;

    public LiquidWiring(int inputs, int side, SampleOrder chance)
    {
        (Inputs, Neurons) = (inputs, side * side * side);
        Excitatory = Neurons * 4 / 5;
        Starts = new int[Inputs + Neurons + 1];
        var (targets, sources, signs) = (new List<int>(), new List<int>(), new List<sbyte>());
        for (var input = 0; input < inputs; input++)
        {
            for (var target = 0; target < Neurons; target++)
                if (chance.Unit() < InputProbability) Join(input, target, chance.Below(2) == 0 ? 1 : -1);
            Starts[input + 1] = targets.Count;
        }
        var places = chance.Permutation(Neurons);
        for (var neuron = 0; neuron < Neurons; neuron++)
        {
            for (var target = 0; target < Neurons; target++)
                if (neuron != target && chance.Unit() < Probability(neuron, target, places, side))
                    Join(Inputs + neuron, target, neuron < Excitatory ? 1 : -1);
            Starts[Inputs + neuron + 1] = targets.Count;
        }
        (Targets, Sources, Signs) = ([.. targets], [.. sources], [.. signs]);
        (Incoming, IncomingStarts) = Turn();
        IncomingSources = Array.ConvertAll(Incoming, synapse => Sources[synapse]);

        void Join(int source, int target, int sign)
        {
            sources.Add(source);
            targets.Add(target);
            signs.Add((sbyte)sign);
        }
    }

    public int Inputs { get; }
    public int Neurons { get; }
    /// <summary>How many of the neurons, the first ones, excite.</summary>
    public int Excitatory { get; }
    /// <summary>[source]: its first synapse; one more entry ends the last.</summary>
    public int[] Starts { get; }
    /// <summary>[synapse]: a neuron of the liquid.</summary>
    public int[] Targets { get; }
    /// <summary>[synapse].</summary>
    public int[] Sources { get; }
    /// <summary>[synapse]: of its weight at the start.</summary>
    public sbyte[] Signs { get; }
    /// <summary>Synapses by target.</summary>
    public int[] Incoming { get; }
    /// <summary>[place in <see cref="Incoming"/>]: where that synapse comes from.</summary>
    public int[] IncomingSources { get; }
    /// <summary>[neuron]: its first place in <see cref="Incoming"/>; one more entry ends the last.</summary>
    public int[] IncomingStarts { get; }

    /// <summary>Synapses between neurons of the liquid.</summary>
    public int Recurrent => Targets.Length - Starts[Inputs];

    double Probability(int from, int to, int[] places, int side)
    {
        var (a, b) = (places[from], places[to]);
        double x = a % side - b % side, y = a / side % side - b / side % side, z = a / side / side - b / side / side;
        var most = (from < Excitatory, to < Excitatory) switch
        {
            (true, true) => 0.2,
            (true, false) => 0.1,
            (false, true) => 0.3,
            _ => 0.05,
        };
        return most * Math.Exp(-(x * x + y * y + z * z) / (Reach * Reach));
    }

    (int[], int[]) Turn()
    {
        var starts = new int[Neurons + 1];
        foreach (var target in Targets) starts[target + 1]++;
        for (var neuron = 0; neuron < Neurons; neuron++) starts[neuron + 1] += starts[neuron];
        var (next, incoming) = (starts[..^1], new int[Targets.Length]);
        for (var synapse = 0; synapse < Targets.Length; synapse++) incoming[next[Targets[synapse]]++] = synapse;
        return (incoming, starts);
    }
}
