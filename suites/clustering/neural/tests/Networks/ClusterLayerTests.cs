using Harness.Datasets;
using Harness.Datasets.Clustering;
using Harness.Torch;
using Suites.Clustering.Centers;
using Suites.Clustering.Neural.Learning;
using Suites.Clustering.Neural.Networks;
using Suites.Clustering.Tests;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Tests.Networks;

public sealed class ClusterLayerTests
{
    public ClusterLayerTests() => TorchSession.Begin(seed: 1, threads: 1);

    // With a fixed encoder the layer is spherical k-means by gradient steps: from the same seeds it must end as low, within a hundredth.
    [Theory]
    [InlineData("iris", 3)]
    [InlineData("wine", 3)]
    [InlineData("breast-cancer", 4)]
    [InlineData("digits", 10)]
    [InlineData("mnist-5k", 10)]
    public void On_fixed_codes_it_reaches_the_inertia_of_spherical_k_means(string id, int clusters)
    {
        var dataset = StandardDatasets.Points.Single(set => set.Card.Id == id);
        var table = SphericalLloyd.Directions(PointTable.ForTraining([.. Points.ReadOrSkip(dataset).Take(1500)]));
        var seeds = PlusPlus.Draw(table, clusters, new Chance(1));
        var expected = new SphericalLloyd(table, 300, static _ => { }).Run(seeds).Inertia;
        using var scope = NewDisposeScope();
        using var layer = new ClusterLayer(Codes.Tensor(seeds));
        Descend(layer, Codes.Tensor(table));
        Assert.InRange(Inertia(layer, table), 0, 1.01 * expected);
    }

    [Fact]
    public void Its_loss_is_the_published_one_whatever_alpha()
    {
        using var scope = NewDisposeScope();
        var codes = TorchSharp.torch.nn.functional.normalize(randn(7, 4));
        using var layer = new ClusterLayer(randn(3, 4));
        foreach (var alpha in new[] { 0.001, 0.5 })
        {
            var products = codes.matmul((layer.Centers * (2 * alpha)).t());
            var assigned = TorchSharp.torch.nn.functional.one_hot(products.argmax(1), 3);
            var published = 0.01 / alpha * (2 * alpha - assigned * products).mean();
            Assert.Equal(published.item<float>(), 0.02 * layer.Loss(codes).item<float>(), 1e-6);
        }
    }

    [Fact]
    public void A_center_without_points_stays_and_all_keep_their_length()
    {
        using var scope = NewDisposeScope();
        using var layer = new ClusterLayer(tensor(new float[] { 1, 0, 0, -1 }, [2, 2]));
        layer.Move(tensor(new float[] { 0.6f, 0.8f }, [1, 2]), step: 0.5);
        var centers = layer.Centers.data<float>().ToArray();
        // (1, 0) + (0.6, 0.8) / 2, scaled to length 1.
        Assert.Equal([1.3 / Math.Sqrt(1.85), 0.4 / Math.Sqrt(1.85), 0, -1], centers.Select(value => (double)value), Near);
    }

    static bool Near(double one, double other) => Math.Abs(one - other) < 1e-6;

    static void Descend(ClusterLayer layer, Tensor codes)
    {
        const int epochs = 300, batch = 256;
        var chance = new SampleOrder(1);
        for (var epoch = 0; epoch < epochs; epoch++)
            foreach (var places in chance.Permutation((int)codes.shape[0]).Chunk(batch))
            {
                using var scope = NewDisposeScope();
                var some = codes.index_select(0, tensor(Array.ConvertAll(places, place => (long)place)));
                layer.Move(some, 0.1 * (1 - epoch / (double)epochs));
            }
    }

    static double Inertia(ClusterLayer layer, PointTable table)
    {
        var centers = new PointTable([.. layer.Centers.data<float>().ToArray().Select(value => (double)value)], (int)layer.Centers.shape[0],
            table.Dimensions);
        return Enumerable.Range(0, table.Count).Sum(at => Nearest.Of(centers, table[at]).Squared);
    }
}
