using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Layers;

/// <summary>Layers one after the other.</summary>
sealed class Chain : Layer
{
    readonly Layer[] parts;

    public Chain(string name, params Layer[] parts) : base(name)
    {
        this.parts = parts;
        foreach (var (index, part) in parts.Index()) register_module($"part{index + 1}", part);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input;
        foreach (var part in parts) x = part.forward(x);
        return x.MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input) => parts.Aggregate(input, (wire, part) => part.Draw(sketch, wire));
}
