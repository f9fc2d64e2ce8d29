using Harness.Spiking.Counting;
using Harness.Spiking.Layers;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Layers;

/// <summary>Convolution and batch norm over merged steps and samples: a membrane.</summary>
sealed class ConvNorm : Stem
{
    readonly string layer;
    readonly double unit;
    readonly ConvShape shape;
    readonly OperationLedger ledger;
    readonly TorchSharp.Modules.Conv2d convolution;
    readonly TorchSharp.Modules.BatchNorm2d norm;

    public ConvNorm(string layer, ConvShape shape, double unit, OperationLedger ledger) : base(layer)
    {
        (this.layer, this.shape, this.unit, this.ledger) = (layer, shape.Checked(layer), unit, ledger);
        convolution = Convolution(shape);
        norm = nn.BatchNorm2d(shape.Outputs);
        Register();
    }

    /// <summary>[steps, samples, channels, rows, columns] to the same axes.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Membranes(input.flatten(0, 1), (int)input.shape[0], [.. input.shape[..2]], spikes: true).MoveToOuterDisposeScope();
    }

    /// <summary>To [steps, samples, ...]; what is the same at all steps is computed once.</summary>
    public override Tensor Forward(Stimulus input)
    {
        using var scope = NewDisposeScope();
        if (!input.Constant) return forward(input.Values).MoveToOuterDisposeScope();
        var once = Membranes(input.Values, 1, [input.Values.shape[0]], spikes: false);
        return once.unsqueeze(0).expand([input.Steps, .. once.shape]).MoveToOuterDisposeScope();
    }

    Tensor Membranes(Tensor merged, int steps, long[] leading, bool spikes)
    {
        var places = shape.Places(new((int)merged.shape[2], (int)merged.shape[3]));
        Operations.Convolution(ledger, layer, merged, convolution.weight, shape, places, steps, unit, spikes);
        var normed = MembraneNorm.Of(Of(merged, convolution, shape, spikes), norm);
        return normed.view([.. leading, .. normed.shape[1..]]);
    }

    public override Wire Draw(Sketch sketch, Wire input) => sketch.Norm($"{layer}.norm", sketch.Convolution(layer, input, shape));

    public static TorchSharp.Modules.Conv2d Convolution(ConvShape shape) => nn.Conv2d(shape.Inputs, shape.Outputs,
        kernel_size: (shape.Row ? 1 : shape.Kernel, shape.Kernel), stride: (shape.Strides[0], shape.Strides[1]),
        padding: (shape.Padding[0], shape.Padding[1]), groups: shape.Groups, bias: shape.Bias);

    /// <param name="spikes">Whether the input is spikes by the layer's place in the network, whatever its values are.</param>
    public static Tensor Of(Tensor input, TorchSharp.Modules.Conv2d convolution, ConvShape shape, bool spikes = false) =>
        spikes && shape.WholeSame ? SpikeConvolution.Of(input, convolution.weight)
        : shape.WideDepthwise ? DepthwiseConvolution.Of(input, convolution.weight)
        : Harness.Torch.Convolution.Of(input, convolution.weight, convolution.bias, shape.Strides, shape.Padding, shape.Groups);
}
