using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Backbones;

/// <summary>Layers that keep places on a map, which may shrink and widen from stage to stage; the last map is the tokens.</summary>
sealed class MapBackbone : Backbone
{
    readonly Stem stem;
    readonly Layer[] layers;
    readonly Neurons? last;

    /// <param name="grid">Of the last map.</param>
    /// <param name="last">Neurons that see the mean over tokens, where a head wants spikes of membranes.</param>
    public MapBackbone(int width, Grid grid, Stem stem, IEnumerable<Layer> layers, Neurons? last = null) : base("backbone")
    {
        (Width, Grid, this.stem, this.last) = (width, grid, stem, last);
        this.layers = [.. layers];
        foreach (var layer in this.layers) register_module(layer.GetName(), layer);
        RegisterComponents();
    }

    public override int Width { get; }

    public override Grid Grid { get; }

    public override Tensor Features(Stimulus input)
    {
        using var scope = NewDisposeScope();
        var x = stem.Forward(input);
        foreach (var layer in layers) x = layer.forward(x);
        return Layout.Tokens(x).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input) =>
        sketch.Tokens("tokens", layers.Aggregate(stem.Draw(sketch, input), (wire, layer) => layer.Draw(sketch, wire)));

    public override Tensor? Summary(Tensor features) => last?.forward(features.mean([2]));

    public override Wire? DrawSummary(Sketch sketch, Wire features) =>
        last?.Draw(sketch, sketch.Mean("mean.tokens", features, "mean over tokens", "token"));
}
