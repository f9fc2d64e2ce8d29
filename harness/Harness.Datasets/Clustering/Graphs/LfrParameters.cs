namespace Harness.Datasets.Clustering;

/// <summary>What is varied of a weighted LFR graph.</summary>
/// <param name="Degree">Mean degree.</param>
/// <param name="TopologyMixing">Share of a node's edges that leave its community, μt.</param>
/// <param name="WeightMixing">Share of a node's strength on edges that leave its community, μw.</param>
/// <param name="StrengthExponent">β: a node of degree k has strength k^β.</param>
public sealed record LfrParameters(int Nodes, double Degree, int MaximumDegree, double TopologyMixing, double WeightMixing,
    double StrengthExponent)
{
    public int SmallestCommunity { get; init; } = 10;
}
