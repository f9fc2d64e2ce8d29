using Suites.Clustering.Neural.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.PointSets;

/// <summary>
/// What lies around each centre as one vector: the same layers for every member of its group, then the largest of each feature.
/// </summary>
sealed class SetAbstraction : nn.Module
{
    readonly Chain _layers;
    readonly double _radius;

    /// <param name="inputs">Features of a point.</param>
    public SetAbstraction(string name, int inputs, double radius, params int[] widths) : base(name)
    {
        _radius = radius;
        _layers = PointLayers.Of($"{name}.layers", inputs + 2, widths);
        RegisterComponents();
    }

    /// <summary>Of one member of one group.</summary>
    public IReadOnlyList<LayerOperations> Operations => _layers.Operations;

    /// <param name="places">[points, 2].</param>
    /// <param name="features">[points, inputs].</param>
    /// <returns>[centres, last width].</returns>
    public Tensor Forward(Tensor places, Tensor features, LevelTensors level)
    {
        using var scope = NewDisposeScope();
        var around = places.index_select(0, level.Groups).view(-1, PointGrouping.Members, 2);
        var relative = (around - places.index_select(0, level.Centers).unsqueeze(1)) / _radius;
        var members = cat([relative.view(-1, 2), features.index_select(0, level.Groups)], 1);
        return _layers.forward(members).view(level.Centers.shape[0], PointGrouping.Members, -1).amax([1L]).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _layers.Dispose();
        base.Dispose(disposing);
    }
}
