using Harness.Datasets;
using Suites.Clustering.Graphs;

namespace Suites.Clustering.Tests.Graphs;

public sealed class ModularityTests
{
    // networkx 2.8.8, community.modularity.
    [Theory]
    [InlineData(true, 1, 0.321640903686088)]
    [InlineData(true, 2, -0.011890606420927485)]
    [InlineData(false, 1, -0.08364298454221167)]
    [InlineData(false, 2, -0.3396997621878717)]
    public void It_is_that_of_networkx(bool planted, double resolution, double modularity)
    {
        int[] groups = [.. Enumerable.Range(0, 30).Select(node => planted ? node / 10 : node % 4)];
        Assert.Equal(modularity, new Modularity(resolution).Of(new(GraphSamples.Striped), groups), 1e-12);
    }

    // networkx 2.8.8, community.louvain_communities: the best of seeds 0..99, and the worst for a single rise.
    [Theory]
    [InlineData(1, 0.3251626701017308, 0.27846726780288017)]
    [InlineData(2, 0.10744484079799181, 0.08563713832738803)]
    public void Rises_reach_what_those_of_networkx_do(double resolution, double best, double worst)
    {
        var (graph, modularity) = (new Adjacency(GraphSamples.Striped), new Modularity(resolution));
        double[] reached = [.. Enumerable.Range(0, 100).Select(seed =>
            modularity.Of(graph, modularity.Rise(graph, new((ulong)seed), TestContext.Current.CancellationToken)))];
        Assert.InRange(reached.Max(), best - 1e-9, 1);
        Assert.InRange(reached.Min(), worst - 0.02, best);
    }
}
