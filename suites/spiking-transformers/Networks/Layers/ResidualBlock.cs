using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Layers;

/// <summary>x += part(x), for each part in turn; on tokens or maps.</summary>
sealed class ResidualBlock : Layer
{
    readonly Layer[] parts;

    /// <param name="name">Of the block, e.g. <c>block1</c>; its sums are named after it.</param>
    public ResidualBlock(string name, params Layer[] parts) : base(name)
    {
        this.parts = parts;
        foreach (var (index, part) in parts.Index()) register_module($"part{index + 1}", part);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input;
        foreach (var part in parts) x = x + part.forward(x);
        return x.MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        sketch.Block = GetName();
        var x = input;
        foreach (var (index, part) in parts.Index()) x = sketch.Sum($"{GetName()}.sum{index + 1}", x, part.Draw(sketch, x));
        sketch.Block = null;
        return x;
    }
}
