using Harness.Datasets;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Learning;

/// <summary>A trained network that gives clusters to points; the model owns it.</summary>
/// <param name="network">In evaluation mode.</param>
/// <param name="assign">[samples, dimensions], scaled, to clusters, int64 [samples].</param>
/// <param name="operations">Of one sample.</param>
sealed class NeuralClusters(nn.Module network, PointScale scale, Func<Tensor, Tensor> assign, IReadOnlyList<LayerOperations> operations)
    : IModel<LabeledPoint, ClusterPrediction>
{
    /// <summary>Points of one pass: bounds memory, whatever a caller asks for.</summary>
    public const int BatchSize = 256;

    bool _disposed;

    public Footprint Footprint { get; } = ModuleSize.Footprint(network);

    /// <exception cref="HarnessException">A point is not finite or has another dimension than those that were seen.</exception>
    public IReadOnlyList<ClusterPrediction> Predict(IReadOnlyList<LabeledPoint> batch)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return [.. batch.Chunk(BatchSize).SelectMany(Read)];
    }

    IEnumerable<ClusterPrediction> Read(LabeledPoint[] batch)
    {
        using var mode = inference_mode();
        using var scope = NewDisposeScope();
        var clusters = assign(scale.Tensor(PointTable.ForPrediction(batch, scale.Dimensions)));
        return clusters.data<long>().ToArray().Select(cluster => new ClusterPrediction((int)cluster));
    }

    public OperationCounts Count(IReadOnlyList<LabeledPoint> batch) => new(operations, batch.Count);

    public void Dispose()
    {
        if (!_disposed) network.Dispose();
        _disposed = true;
    }
}
