using Harness.Datasets;
using Suites.Clustering.Annotations;
using Suites.Clustering.Neural.Families;

namespace Suites.Clustering.Neural;

/// <summary>
/// The suite <c>clustering</c> with the families that need native tensors. Programs without them, as that for devices, carry
/// <see cref="ClusteringSuite"/>, which is the same but for these.
/// </summary>
public static class NeuralClusteringSuite
{
    public static Suite Create()
    {
        var plain = ClusteringSuite.Create();
        return plain with { Benchmarks = [.. plain.Benchmarks.Select(WithNetworks)] };
    }

    static IBenchmark WithNetworks(IBenchmark benchmark) => benchmark switch
    {
        Benchmark<LabeledPoint, ClusterPrediction> points => points with
        {
            Families = [.. points.Families, new AutoencoderKMeans(), new Tell(), new Mlc(), new Gedi(), new Mmcr()],
        },
        Benchmark<AnnotatedPlot, PlotPartition> plots => plots with { Families = [.. plots.Families, new ClusterNet()] },
        _ => benchmark,
    };
}
