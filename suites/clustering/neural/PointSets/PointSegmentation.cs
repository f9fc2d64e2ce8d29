using Suites.Clustering.Neural.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.PointSets;

/// <summary>
/// PointNet++ for segmentation (Qi, Yi, Su and Guibas, NIPS 2017) in the plane: levels of set abstraction, the last one of all
/// points together, and back by propagation of features, to a distribution over slots for each point. A point's own features are its
/// coordinates.
/// </summary>
sealed class PointSegmentation : nn.Module
{
    // Widths of a level's layers on the way up, and on the way down from the next level.
    static readonly int[][] Up = [[16, 16, 32], [32, 32, 64], [64, 64, 128], [128, 128]];
    static readonly int[][] Down = [[64, 64], [128, 64], [128, 128], [128]];

    readonly SetAbstraction[] _abstractions;
    readonly FeaturePropagation[] _propagations;
    readonly Dense _slots;

    public PointSegmentation(int slots) : base("point-segmentation")
    {
        int[] own = [2, .. Up.Select(widths => widths[^1])];
        _abstractions = [.. PointSet.Forms.Select((form, level) =>
            new SetAbstraction($"abstraction{level + 1}", own[level], form.Radius, Up[level]))];
        _propagations = [.. Down.Select((widths, level) => new FeaturePropagation($"propagation{level + 1}",
            own[level] + (level + 1 < Down.Length ? Down[level + 1] : Up[level])[^1], widths))];
        _slots = new("slots", Down[0][^1], slots, Activation.None);
        foreach (var module in (nn.Module[])[.. _abstractions, .. _propagations, _slots]) register_module(module.GetName(), module);
    }

    /// <summary>Logits, [points, slots]; rows as in the batch.</summary>
    public Tensor Forward(PointSetBatch batch)
    {
        using var scope = NewDisposeScope();
        var (places, features) = (batch.Places, new List<Tensor> { batch.Places });
        foreach (var (abstraction, level) in _abstractions.Zip(batch.Levels))
        {
            features.Add(abstraction.Forward(places, features[^1], level));
            places = places.index_select(0, level.Centers);
        }
        var down = features[^1];
        for (var level = _propagations.Length - 1; level >= 0; level--)
            down = _propagations[level].Forward(features[level], down, batch.Levels[level]);
        return _slots.forward(down).MoveToOuterDisposeScope();
    }

    /// <summary>Of one set.</summary>
    public IReadOnlyList<LayerOperations> Operations(PointSet set)
    {
        int[] points = [set.Points.Count, .. set.Levels.Select(level => level.Centers.Length)];
        return
        [
            .. _abstractions.SelectMany((part, level) => Times(part.Operations, set.Levels[level].Groups.Length)),
            .. _propagations.SelectMany((part, level) => Times(part.Operations, points[level])),
            .. Times([_slots.Operations], points[0]),
        ];
    }

    static IEnumerable<LayerOperations> Times(IEnumerable<LayerOperations> layers, int rows) => layers.Select(layer => layer with
    {
        Macs = rows * layer.Macs, DenseOperations = rows * layer.DenseOperations, Shape = null,
    });

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var module in (nn.Module[])[.. _abstractions, .. _propagations, _slots]) module.Dispose();
        base.Dispose(disposing);
    }
}
