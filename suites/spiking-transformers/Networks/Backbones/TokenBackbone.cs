using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Backbones;

/// <summary>Tokens, and blocks that keep their number and width.</summary>
sealed class TokenBackbone : Backbone
{
    readonly Embedding embedding;
    readonly Layer[] blocks;
    readonly Neurons? last;

    /// <param name="last">Neurons that see the mean over tokens, where tokens are membranes and a head wants spikes.</param>
    public TokenBackbone(int width, Embedding embedding, IEnumerable<Layer> blocks, Neurons? last = null) : base("backbone")
    {
        (Width, this.embedding, this.last) = (width, embedding, last);
        this.blocks = [.. blocks];
        foreach (var block in this.blocks) register_module(block.GetName(), block);
        RegisterComponents();
    }

    public override int Width { get; }

    public override Grid Grid => embedding.Grid;

    public override Tensor Features(Stimulus input)
    {
        using var scope = NewDisposeScope();
        var x = embedding.Forward(input);
        foreach (var block in blocks) x = block.forward(x);
        return x.MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input) =>
        blocks.Aggregate(embedding.Draw(sketch, input), (wire, block) => block.Draw(sketch, wire));

    public override Tensor? Summary(Tensor features) => last?.forward(features.mean([2]));

    public override Wire? DrawSummary(Sketch sketch, Wire features) =>
        last?.Draw(sketch, sketch.Mean("mean.tokens", features, "mean over tokens", "token"));
}
