using Suites.Clustering.Neural.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.PointSets;

/// <summary>
/// Features of the centres at the points of the finer level: the mean of the three nearest by inverse squared distance, beside what the
/// point had itself.
/// </summary>
sealed class FeaturePropagation : nn.Module
{
    readonly Chain _layers;

    /// <param name="inputs">Features of a centre and of a point together.</param>
    public FeaturePropagation(string name, int inputs, params int[] widths) : base(name)
    {
        _layers = PointLayers.Of($"{name}.layers", inputs, widths);
        RegisterComponents();
    }

    /// <summary>Of one point.</summary>
    public IReadOnlyList<LayerOperations> Operations => _layers.Operations;

    /// <param name="own">[points, features].</param>
    /// <param name="ofCenters">[centres, features].</param>
    /// <returns>[points, last width].</returns>
    public Tensor Forward(Tensor own, Tensor ofCenters, LevelTensors level)
    {
        using var scope = NewDisposeScope();
        return _layers.forward(cat([Interpolated(ofCenters, level), own], 1)).MoveToOuterDisposeScope();
    }

    /// <summary>[centres, features] to [points, features].</summary>
    internal static Tensor Interpolated(Tensor ofCenters, LevelTensors level)
    {
        using var scope = NewDisposeScope();
        return (ofCenters.index_select(0, level.Near) * level.Shares).view(-1, PointGrouping.Neighbors, ofCenters.shape[1]).sum(1)
            .MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _layers.Dispose();
        base.Dispose(disposing);
    }
}
