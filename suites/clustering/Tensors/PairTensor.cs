namespace Suites.Clustering.Tensors;

/// <summary>How strongly each pair of nodes changed together at each time in each animal.</summary>
/// <param name="Values">Axes [pair, time, animal]; pairs 0-1, 0-2, ..., 1-2, ... Noise may make them negative.</param>
public sealed record PairTensor(ReadOnlyMemory<double> Values, int Nodes, int Times, int Animals)
{
    /// <summary>What was planted; empty when withheld.</summary>
    public required IReadOnlyList<Motif> Motifs { get; init; }

    public int Pairs => Nodes * (Nodes - 1) / 2;

    /// <summary>As a family may see it.</summary>
    public PairTensor WithoutMotifs() => this with { Motifs = [] };

    /// <summary>Both nodes of each pair, in the order of the first axis.</summary>
    public static IEnumerable<(int One, int Other)> PairsOf(int nodes) =>
        from one in Enumerable.Range(0, nodes) from other in Enumerable.Range(one + 1, nodes - one - 1) select (one, other);
}

/// <summary>A part of a tensor that is the product of one vector an axis.</summary>
/// <param name="Pairs">Axis [pair], 0 or more.</param>
/// <param name="Times">Axis [time], 0 or more.</param>
/// <param name="Animals">Axis [animal], 0 or more.</param>
/// <param name="Groups">Axis [node]: planted, 1 for members and 0 for others; found, the community of each node.</param>
public sealed record Motif(IReadOnlyList<double> Pairs, IReadOnlyList<double> Times, IReadOnlyList<double> Animals,
    IReadOnlyList<int> Groups);

/// <summary>The motifs that were found in a tensor; their order means nothing.</summary>
/// <param name="Error">Root of the squared error over that of 0, of the whole tensor.</param>
public sealed record MotifPrediction(IReadOnlyList<Motif> Motifs, double Error);
