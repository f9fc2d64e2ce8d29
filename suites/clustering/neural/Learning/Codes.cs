using Harness.Datasets;
using Harness.Torch;
using Suites.Clustering.Centers;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Learning;

/// <summary>What an encoder makes of all points.</summary>
static class Codes
{
    const int MostIterations = 300;

    /// <summary>[points, code], computed in parts of <see cref="NeuralClusters.BatchSize"/>.</summary>
    public static PointTable Of(Tensor points, Func<Tensor, Tensor> encode)
    {
        using var mode = inference_mode();
        var (values, count, code) = (new List<double>(), (int)points.shape[0], 0);
        for (var first = 0; first < count; first += NeuralClusters.BatchSize)
        {
            using var scope = NewDisposeScope();
            var part = encode(points.narrow(0, first, Math.Min(NeuralClusters.BatchSize, count - first)));
            code = (int)part.shape[1];
            values.AddRange(part.contiguous().data<float>().ToArray().Select(value => (double)value));
        }
        return new([.. values], count, code);
    }

    public static Tensor Tensor(PointTable table) => OwnTensor.Of(Array.ConvertAll(table.Values, value => (float)value),
        table.Count, table.Dimensions);

    /// <summary>Centres of spherical k-means of codes, the best of so many restarts; of length 1.</summary>
    public static PointTable SphericalCenters(PointTable codes, int clusters, int restarts, RunContext context) =>
        new SphericalLloyd(SphericalLloyd.Directions(codes), MostIterations, _ => context.Cancellation.ThrowIfCancellationRequested())
            .Best(clusters, restarts, new Chance(unchecked((ulong)context.Seed))).Centers;
}
