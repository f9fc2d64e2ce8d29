using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Layers;

/// <summary>Maps [steps, samples, channels, rows, columns] as tokens [steps, samples, tokens, channels], and back.</summary>
static class Layout
{
    public static Tensor Tokens(Tensor map) => map.flatten(3).transpose(2, 3).contiguous();

    public static Tensor Map(Tensor tokens, Grid grid)
    {
        using var scope = NewDisposeScope();
        var channels = tokens.transpose(2, 3).contiguous();
        return channels.view([.. channels.shape[..3], grid.Rows, grid.Columns]).MoveToOuterDisposeScope();
    }
}

/// <summary>A layer of tokens between layers of maps.</summary>
sealed class OnTokens : Layer
{
    readonly Layer inner;
    readonly Grid grid;
    readonly string layer;

    /// <param name="layer">In whose name it is drawn.</param>
    public OnTokens(string layer, Layer inner, Grid grid) : base(inner.GetName())
    {
        (this.layer, this.inner, this.grid) = (layer, inner, grid);
        Register();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Layout.Map(inner.forward(Layout.Tokens(input)), grid).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input) => sketch.Map($"{layer}.map",
        inner.Draw(sketch, sketch.Tokens($"{layer}.tokens", input)), grid);
}

/// <summary>A layer of maps between layers of tokens.</summary>
sealed class OnMap : Layer
{
    readonly Layer inner;
    readonly Grid grid;
    readonly string layer;

    /// <param name="layer">In whose name it is drawn.</param>
    public OnMap(string layer, Layer inner, Grid grid) : base("map")
    {
        (this.layer, this.inner, this.grid) = (layer, inner, grid);
        Register();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Layout.Tokens(inner.forward(Layout.Map(input, grid))).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input) => sketch.Tokens($"{layer}.tokens",
        inner.Draw(sketch, sketch.Map($"{layer}.map", input, grid)));
}
