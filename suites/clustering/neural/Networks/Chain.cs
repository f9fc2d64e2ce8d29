using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Networks;

/// <summary>Layers one after the other.</summary>
sealed class Chain : nn.Module<Tensor, Tensor>
{
    readonly Layer[] _layers;

    public Chain(string name, params Layer[] layers) : base(name)
    {
        _layers = layers;
        foreach (var layer in layers) register_module(layer.GetName(), layer);
    }

    /// <summary>Of the layers that multiply.</summary>
    public IReadOnlyList<LayerOperations> Operations => [.. _layers.Select(layer => layer.Operations).Where(layer => layer.Macs > 0)];

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        foreach (var layer in _layers) input = layer.forward(input);
        return input.MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var layer in _layers) layer.Dispose();
        base.Dispose(disposing);
    }
}
