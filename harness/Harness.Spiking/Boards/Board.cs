namespace Harness.Spiking.Boards;

/// <summary>What a digital neuromorphic chip holds and how it computes. A limit that is not published is null, and not checked.</summary>
/// <param name="Id">As in results/devices, e.g. <c>loihi2</c>.</param>
/// <param name="Cores">Of the chip.</param>
/// <param name="CoreBytes">Memory of a core for states and synapses.</param>
/// <param name="WeightBits">Of a signed weight.</param>
/// <param name="Sources">Where the numbers come from, and which of them are assumed.</param>
public sealed record Board(string Id, string Title, int Cores, long CoreBytes, int WeightBits, string Sources)
{
    public int? NeuronsPerCore { get; init; }
    /// <summary>Synapses of the whole chip.</summary>
    public long? Synapses { get; init; }
    /// <summary>Synapses that may lead to one neuron.</summary>
    public int? FanIn { get; init; }
    /// <summary>Bytes that a synapse takes with its address.</summary>
    public required int SynapseBytes { get; init; }
    /// <summary>Bytes that a neuron takes with its parameters.</summary>
    public required int NeuronBytes { get; init; }
    public required int StateBits { get; init; }
    /// <summary>Bits of a state below the unit of a weight.</summary>
    public required int FractionBits { get; init; }
    /// <summary>Bits of the factor by which a potential decays.</summary>
    public required int DecayBits { get; init; }

    public static Board Loihi2 { get; } = new("loihi2", "Intel Loihi 2", 128, 196_608, 8,
        "Cores, neurons per core, synapses, memory of a core, weight bits: Intel, Taking Neuromorphic Computing to the Next Level with "
        + "Loihi 2, technology brief, 2021. State and decay bits: those of Loihi, Davies et al., IEEE Micro 38(1), 2018. Assumed: 3 bytes "
        + "for a synapse (weight and 16 bits of address), 8 bytes for a neuron; of the integers that its spikes may carry, 0 to 256 are "
        + "used.")
    {
        NeuronsPerCore = 8192, Synapses = 120_000_000, SynapseBytes = 3, NeuronBytes = 8, StateBits = 24, FractionBits = 6, DecayBits = 12,
    };

    public static Board Spinnaker2 { get; } = new("spinnaker2", "SpiNNaker 2", 152, 131_072, 16,
        "Cores and memory of a core: Höppner et al., The SpiNNaker 2 processing element architecture for hybrid digital neuromorphic "
        + "computing, arXiv:2103.08392, 2021. Weight bits and 4 bytes for a synapse: the synaptic words of SpiNNaker's software, Rhodes et "
        + "al., sPyNNaker, Front. Neurosci. 12:816, 2018. Assumed: 32 bits of state, 16 bytes for a neuron, values that "
        + "travel with spikes.")
    {
        SynapseBytes = 4, NeuronBytes = 16, StateBits = 32, FractionBits = 12, DecayBits = 14,
    };

    public static IReadOnlyList<Board> All { get; } = [Loihi2, Spinnaker2];

    /// <exception cref="HarnessException">No such board; the message lists those there are.</exception>
    public static Board Of(string id) => All.FirstOrDefault(board => board.Id == id)
        ?? throw new HarnessException($"There is no board '{id}'; there are {string.Join(", ", All.Select(board => board.Id))}.");
}
