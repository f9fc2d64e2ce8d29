using Harness.Spiking.Counting;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Attentions;

/// <summary>
/// A re-parameterised 3x3 convolution (Yao et al., ICLR 2024): 1x1, norm, depthwise 3x3, 1x1, norm, without a nonlinearity, so that a
/// trained one can be folded into a single 3x3 convolution of spikes. The border of the depthwise one is what the first norm makes of 0.
/// Counted as it is computed here, unfolded.
/// </summary>
sealed class RepConvolution : Layer
{
    readonly string layer;
    readonly Grid grid;
    readonly double unit;
    readonly OperationLedger ledger;
    readonly ConvShape point, depth;
    readonly TorchSharp.Modules.Conv2d first, middle, last;
    readonly TorchSharp.Modules.BatchNorm2d inner, outer;

    public RepConvolution(string layer, int width, Grid grid, double unit, OperationLedger ledger) : base(layer)
    {
        (this.layer, this.grid, this.unit, this.ledger) = (layer, grid, unit, ledger);
        (point, depth) = (new(width, width, Kernel: 1), new(width, width, Groups: width, Pad: 0));
        (first, middle, last) = (ConvNorm.Convolution(point), ConvNorm.Convolution(depth), ConvNorm.Convolution(point));
        (inner, outer) = (nn.BatchNorm2d(width), nn.BatchNorm2d(width));
        Register();
    }

    /// <summary>[steps, samples, tokens, width] to membranes of the same shape.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var steps = (int)input.shape[0];
        var map = input.flatten(0, 1).transpose(1, 2).reshape(-1, point.Inputs, grid.Rows, grid.Columns);
        var x = Padded(inner.forward(Convolved("first", map, first, point, steps, unit)));
        x = Convolved("middle", x, middle, depth, steps, 1);
        x = outer.forward(Convolved("last", x, last, point, steps, 1));
        return x.flatten(2).transpose(1, 2).reshape(input.shape).MoveToOuterDisposeScope();
    }

    Tensor Convolved(string name, Tensor input, TorchSharp.Modules.Conv2d convolution, ConvShape shape, int steps, double smallest)
    {
        Operations.Convolution(ledger, $"{layer}.{name}", input, convolution.weight, shape, grid, steps, smallest);
        return ConvNorm.Of(input, convolution, shape);
    }

    Tensor Padded(Tensor normed)
    {
        using var scope = NewDisposeScope();
        var edge = (inner.bias! - inner.running_mean! * inner.weight! / (inner.running_var! + inner.eps).sqrt()).detach();
        var border = nn.functional.pad(zeros(grid.Rows, grid.Columns), [1, 1, 1, 1], PaddingModes.Constant, 1);
        return (nn.functional.pad(normed, [1, 1, 1, 1]) + border * edge.view(-1, 1, 1)).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        var map = sketch.Map($"{layer}.map", input, grid);
        var x = sketch.Norm($"{layer}.inner", sketch.Convolution($"{layer}.first", map, point));
        var padded = sketch.Add(new($"{layer}.pad", CircuitOperation.Reshape, [x.Name],
            [.. x.Without("row", "column"), new("row", grid.Rows + 2), new("column", grid.Columns + 2)])
        { Detail = "border as the norm of 0" });
        x = sketch.Convolution($"{layer}.last", sketch.Convolution($"{layer}.middle", padded, depth), point);
        return sketch.Tokens($"{layer}.tokens", sketch.Norm($"{layer}.outer", x));
    }
}
