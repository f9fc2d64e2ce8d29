using Harness.Datasets;

namespace Suites.Clustering.Tests.Graphs;

static class GraphSamples
{
    /// <summary>Thirty nodes in three communities, by a rule that another language can follow.</summary>
    public static WeightedGraph Striped { get; } = new(30,
    [
        .. from one in Enumerable.Range(0, 30)
           from other in Enumerable.Range(one + 1, 29 - one)
           where (one * other * 7 + one + other) % 5 < (one / 10 == other / 10 ? 3 : 1)
           select new WeightedEdge(one, other, 1 + (one + 2 * other) % 4),
    ]) { Communities = [.. Enumerable.Range(0, 30).Select(node => node / 10)] };

    /// <summary>Edges with a probability and exponential weights with a mean, within and between three equal communities.</summary>
    public static WeightedGraph Planted(ulong seed, int nodes, (double Probability, double Mean) within,
        (double Probability, double Mean) between) => Drawn(seed, nodes, (one, other) => one % 3 == other % 3 ? within : between);

    /// <summary>Degrees and weights that rise from node to node: blocks have no plain borders.</summary>
    public static WeightedGraph Graded(ulong seed, int nodes) => Drawn(seed, nodes, (one, other) =>
        (1.5 * (one + 1) * (other + 1) / nodes / nodes, Math.Pow((one + 1.0) * (other + 1), 2) / nodes / nodes));

    static WeightedGraph Drawn(ulong seed, int nodes, Func<int, int, (double Probability, double Mean)> edge)
    {
        var (chance, edges) = (new Chance(seed), new List<WeightedEdge>());
        for (var one = 0; one < nodes; one++)
            for (var other = one + 1; other < nodes; other++)
            {
                var (probability, mean) = edge(one, other);
                if (chance.Unit() < probability) edges.Add(new(one, other, -mean * Math.Log(1 - chance.Unit())));
            }
        return new(nodes, edges) { Communities = [.. Enumerable.Range(0, nodes).Select(node => node % 3)] };
    }
}
