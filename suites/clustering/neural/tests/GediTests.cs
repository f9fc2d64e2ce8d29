using Harness.Datasets;
using Harness.Torch;
using Suites.Clustering.Neural.Families;
using Suites.Clustering.Neural.Learning;
using Suites.Clustering.Neural.Networks;
using Suites.Clustering.Tests;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Tests;

/// <summary>GEDI on two half circles, whose labels are known.</summary>
public sealed class GediTests
{
    [Fact]
    public void Without_balance_all_points_are_one_cluster_and_with_it_there_are_two()
    {
        var family = new Gedi(Warmup: 10, Epochs: 40, Langevin: 5);
        Assert.InRange(Share(family), 0.25, 0.75);
        Assert.True(Share(family with { Balance = 0 }) is < 0.05 or > 0.95);
    }

    [Fact]
    public void The_density_alone_makes_points_more_likely_than_the_plane_around_them()
    {
        TorchSession.Begin(seed: 1, threads: 1);
        var (unit, table) = PointScale.Of(Points.Of(PointClouds.Moons));
        using var points = unit.Centered().Tensor(table);
        using var network = new EnergyNetwork(2, 2, temperature: 0.1);
        using var chains = new Langevin(network, 2, steps: 5);
        var (chance, context) = (new SampleOrder(1), Context());
        var task = new EnergyTask(network, chains, noise: 0, chance);
        new Schedule(40, 250, 1e-3).Train(network, points, (batch, _) => task.Loss(batch, new(1, 0, 0)), chance, new(context),
            context.Cancellation);
        using var scope = NewDisposeScope();
        var around = network.Energy(2 * rand(1000, 2) - 1);
        var share = (network.Energy(points).unsqueeze(1) < around.unsqueeze(0)).to(float32).mean().item<float>();
        Assert.True(share > 0.85, $"a point has less energy than a place around it in a share of {share}");
    }

    static double Share(Gedi family)
    {
        var points = Points.Of(PointClouds.Moons);
        var (model, _) = Points.Prepare(family, points);
        using (model) return model.Predict(points).Average(prediction => prediction.Cluster);
    }

    static RunContext Context() => new(1, 1, new(Path.GetTempPath()), TimeProvider.System,
        new Harness.Testing.RecordingProgress<TrainingPoint>(), TestContext.Current.CancellationToken);
}
