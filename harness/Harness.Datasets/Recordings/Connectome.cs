namespace Harness.Datasets.Recordings;

/// <summary>A connection between two cells of a connectome, by index.</summary>
/// <param name="IsElectrical">A gap junction; else a chemical synapse.</param>
/// <param name="Count">Synapses that were counted.</param>
public sealed record Connection(int From, int To, bool IsElectrical, int Count);

/// <summary>Which cells a nervous system has and how they are connected.</summary>
public sealed record Connectome(string Name, IReadOnlyList<string> Cells, IReadOnlyList<Connection> Connections);
