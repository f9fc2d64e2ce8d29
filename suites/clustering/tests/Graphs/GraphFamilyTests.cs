using Harness.Datasets;
using Harness.Datasets.Clustering;
using Harness.Testing;
using Suites.Clustering.Families.Graphs;
using Suites.Clustering.Graphs;
using Suites.Clustering.Metrics.Graphs;

namespace Suites.Clustering.Tests.Graphs;

public sealed class GraphFamilyTests
{
    static readonly Benchmark<WeightedGraph, GraphPartition> Benchmark =
        (Benchmark<WeightedGraph, GraphPartition>)ClusteringSuite.Create().Benchmarks.Single(one => one.Id == "graphs");

    [Fact]
    public void Planted_communities_are_found() =>
        Assert.Equal(1, Score(new WeightedBlockModel(), GraphSamples.Planted(1, 60, (0.5, 1), (0.1, 1))));

    // Scattered weights part communities further: of the same graph, networkx 2.8.8 finds 4 groups and scores 0.75 to 0.90.
    [Fact]
    public void Louvain_finds_plain_communities_nearly() =>
        Assert.InRange(Score(new Louvain(), GraphSamples.Planted(1, 60, (0.6, 1), (0.05, 1))), 0.74, 0.9);

    [Fact]
    public void Nothing_is_found_where_nothing_is() =>
        Assert.Single(Predict(new WeightedBlockModel(), GraphSamples.Planted(2, 60, (0.2, 1), (0.2, 1))).Groups.Distinct());

    // Edges everywhere alike, light ones within communities: no modularity, but a short description.
    [Fact]
    public void Communities_of_light_edges_are_found_by_the_block_model_alone()
    {
        var graph = GraphSamples.Planted(3, 60, (0.3, 0.2), (0.3, 1.5));
        Assert.InRange(Score(new WeightedBlockModel(), graph), 0.9, 1);
        Assert.InRange(Score(new WeightedBlockModel(Weights: false), graph), 0, 0.2);
        Assert.InRange(Score(new Louvain(Restarts: 5), graph), 0, 0.3);
    }

    // The first graph with μt 0.75 and μw 0.25. The block model parts communities further by degrees, on which weights depend.
    [Fact]
    public void Weights_tell_communities_that_topology_does_not()
    {
        var graph = Lfr("lfr-simulated-mut-75-muw-25");
        var blind = graph with { Edges = [.. graph.Edges.Select(edge => edge with { Weight = 1 })] };
        Assert.InRange(Score(new WeightedBlockModel(BlockDegrees.Corrected), graph), 0.6, 1);
        Assert.InRange(Score(new WeightedBlockModel(BlockDegrees.Corrected, Weights: false), graph), 0, 0.2);
        Assert.InRange(Score(new Louvain(), graph), 0.9, 1);
        Assert.InRange(Score(new Louvain(), blind), 0, 0.2);
    }

    [Theory]
    [InlineData("lfr-simulated", 0.5, 0.5, 25, 2)]
    [InlineData("lfr-simulated-mut-25", 0.25, 0.5, 25, 2)]
    [InlineData("lfr-simulated-k-10", 0.5, 0.5, 10, 2)]
    [InlineData("lfr-simulated-muw-75", 0.5, 0.75, 25, 2)]
    [InlineData("lfr-simulated-beta-05", 0.5, 0.5, 25, 0.5)]
    public void Lfr_graphs_are_as_they_say(string id, double topology, double weights, double degree, double exponent)
    {
        var graph = Lfr(id);
        var leaving = graph.Edges.Where(edge => graph.Communities[edge.From] != graph.Communities[edge.To]).ToArray();
        Assert.Equal(topology, leaving.Length / (double)graph.Edges.Count, 0.07);
        Assert.Equal(weights, leaving.Sum(edge => edge.Weight) / graph.Edges.Sum(edge => edge.Weight), 0.05);
        Assert.InRange(2.0 * graph.Edges.Count / graph.Nodes, 0.8 * degree, 1.25 * degree);
        Assert.InRange(graph.Communities.CountBy(one => one).Min(community => community.Value), 10, 62);
        var (degrees, strengths) = (new int[graph.Nodes], new double[graph.Nodes]);
        foreach (var edge in graph.Edges)
            foreach (var node in new[] { edge.From, edge.To })
            {
                degrees[node]++;
                strengths[node] += edge.Weight;
            }
        double[] errors = [.. degrees.Select((one, node) => Math.Abs(strengths[node] / Math.Pow(one, exponent) - 1)).Order()];
        Assert.InRange(errors[graph.Nodes / 2], 0, 0.2);
    }

    [Fact]
    public void Families_keep_the_contract()
    {
        WeightedGraph[] graphs =
        [
            GraphSamples.Planted(1, 30, (0.4, 0.3), (0.4, 1.5)), GraphSamples.Graded(2, 40),
            GraphSamples.Planted(3, 30, (0.35, 1.3), (0.2, 1)),
        ];
        Contract(new Louvain(), graphs).Varying("resolution", 3.0).Comparing("restarts", new Louvain(), new Louvain(Restarts: 50)).Check();
        Contract(new WeightedBlockModel(BlockDegrees.Corrected), graphs).Varying("weights", false)
            .Comparing("degrees", new WeightedBlockModel(BlockDegrees.Corrected, Weights: false),
                new WeightedBlockModel(BlockDegrees.Plain, Weights: false))
            .Check();
    }

    [Fact]
    public void What_is_no_graph_is_refused()
    {
        foreach (var family in Benchmark.Families)
        {
            Assert.Contains("no graphs", Assert.Throws<TrainingFailedException>(() => family.Prepare(new([], []), Context())).Message,
                StringComparison.Ordinal);
            Refused(family, "weight -1", new WeightedEdge(0, 1, -1));
            Refused(family, "node 2 and node 2", new WeightedEdge(2, 2, 1));
            Refused(family, "node 0 and node 3", new WeightedEdge(0, 3, 1));
            Refused(family, "joined twice", new WeightedEdge(0, 1, 1), new WeightedEdge(1, 0, 2));
        }
    }

    [Fact]
    public void Graphs_without_edges_or_weight_have_an_answer()
    {
        foreach (var family in Benchmark.Families)
        {
            Assert.Equal(3, Predict(family, Graph()).Groups.Count);
            Assert.Equal(3, Predict(family, Graph(new WeightedEdge(0, 1, 0))).Groups.Count);
        }
    }

    static WeightedGraph Lfr(string id) =>
        SimulatedLfrGraphs.All.Single(set => set.Card.Id == id).Read(new(Path.GetTempPath()), Split.Test).First();

    static void Refused(IModelFamily<WeightedGraph, GraphPartition> family, string why, params WeightedEdge[] edges) =>
        Assert.Contains(why, Assert.Throws<TrainingFailedException>(() => Predict(family, Graph(edges))).Message, StringComparison.Ordinal);

    static WeightedGraph Graph(params WeightedEdge[] edges) => new(3, edges) { Communities = [0, 0, 1] };

    static double Score(IModelFamily<WeightedGraph, GraphPartition> family, WeightedGraph graph)
    {
        var tally = new GraphMutualInformation().Begin();
        tally.Add(graph, Predict(family, graph));
        return tally.Total();
    }

    static GraphPartition Predict(IModelFamily<WeightedGraph, GraphPartition> family, WeightedGraph graph)
    {
        var seen = Benchmark.Withhold(graph);
        return family.Prepare(new([seen], []), Context()).Predict([seen])[0];
    }

    static RunContext Context() => new(1, 1, new(Path.GetTempPath()), new ManualTime(), new RecordingProgress<TrainingPoint>(),
        TestContext.Current.CancellationToken);

    static FamilyContract<WeightedGraph, GraphPartition> Contract(IModelFamily<WeightedGraph, GraphPartition> family,
        WeightedGraph[] graphs) => FamilyContract.Of(Benchmark, family, new(graphs, graphs), graphs);
}
