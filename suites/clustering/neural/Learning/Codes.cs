using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Learning;

/// <summary>What an encoder makes of all points.</summary>
static class Codes
{
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

    public static Tensor Tensor(PointTable table) => tensor(Array.ConvertAll(table.Values, value => (float)value),
        [table.Count, table.Dimensions]);
}
