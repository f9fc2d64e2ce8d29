namespace Harness.Spiking.Boards;

/// <summary>Which cores of a board hold which neurons: those of a layer side by side, layers on cores of their own.</summary>
/// <param name="Board">The board that it is for.</param>
/// <param name="Layers">In the order of a step.</param>
public sealed record Placement(Board Board, IReadOnlyList<PlacedLayer> Layers)
{
    public int Cores => Layers.Sum(layer => layer.FirstNeurons.Count);
    public long Synapses => Layers.Sum(layer => layer.Synapses);

    /// <exception cref="UnsupportedException">It does not fit; the message names the limit, the value, and what is allowed.</exception>
    internal static Placement Of(BoardNetwork network, Board board)
    {
        var placement = new Placement(board, [.. network.Populations.Select(population => Layer(population, board))]);
        if (placement.Synapses > board.Synapses)
            throw TooMuch(board, "synapses", placement.Synapses, board.Synapses.Value, "prune it or make layers smaller");
        if (placement.Cores > board.Cores) throw TooMuch(board, "cores", placement.Cores, board.Cores, "make layers smaller");
        return placement;
    }

    static PlacedLayer Layer(BoardPopulation population, Board board)
    {
        var fanIn = new long[population.Count];
        foreach (var target in population.Into.SelectMany(projection => projection.Targets)) fanIn[target]++;
        if (fanIn.Max() is var most && most > board.FanIn)
            throw TooMuch(board, $"synapses into a neuron of {population.Name}", most, board.FanIn.Value, "connect it less");
        var (firsts, bytes) = (new List<int>(), 0L);
        for (var neuron = 0; neuron < population.Count; neuron++)
        {
            var needed = board.NeuronBytes + fanIn[neuron] * board.SynapseBytes;
            if (needed > board.CoreBytes)
                throw TooMuch(board, $"bytes for neuron {neuron} of {population.Name} with {fanIn[neuron]} synapses", needed,
                    board.CoreBytes, "connect it less");
            if (firsts.Count == 0 || bytes + needed > board.CoreBytes || neuron - firsts[^1] >= (board.NeuronsPerCore ?? int.MaxValue))
            {
                firsts.Add(neuron);
                bytes = 0;
            }
            bytes += needed;
        }
        return new(population.Name, population.Count, fanIn.Sum(), most, firsts);
    }

    static UnsupportedException TooMuch(Board board, string what, long value, long allowed, string remedy) =>
        new($"The network does not fit {board.Title}: {value} {what}, allowed are {allowed}; {remedy}.");
}

/// <param name="FanIn">Of the neuron with the most synapses.</param>
/// <param name="FirstNeurons">The first neuron on each of its cores.</param>
public sealed record PlacedLayer(string Name, int Neurons, long Synapses, long FanIn, IReadOnlyList<int> FirstNeurons);
