using Harness.Spiking.Counting;
using Harness.Spiking.Layers;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks;

/// <summary>3x3 convolution without bias, stride 1, same size; batch norm; ReLU; optionally a 3x3 max pool of stride 2.</summary>
sealed class ConvReluUnit : nn.Module<Tensor, Tensor>
{
    readonly string layer;
    readonly bool pool;
    readonly OperationLedger ledger;
    readonly TorchSharp.Modules.Conv2d convolution;
    readonly TorchSharp.Modules.BatchNorm2d norm;

    readonly int? bits;
    readonly Quantizer? quantizer;

    /// <param name="bits">Of weights and inputs; null for float32.</param>
    public ConvReluUnit(string layer, int inputs, int outputs, bool pool, OperationLedger ledger, int? bits = null) : base(layer)
    {
        (this.layer, this.pool, this.ledger, this.bits) = (layer, pool, ledger, bits);
        if (bits is { } precision) quantizer = new("quantizer", precision, signed: false);
        convolution = nn.Conv2d(inputs, outputs, kernel_size: 3, stride: 1, padding: 1, bias: false);
        norm = nn.BatchNorm2d(outputs);
        RegisterComponents();
    }

    /// <summary>[samples, channels, rows, columns] real values to real values.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        ledger.Weighted(layer, "conv", input, InputKind.Analog, (double)input.numel() * 9 * convolution.weight.shape[0],
            AnalogLinear.Bytes(convolution.weight, bits), 1, Shapes.Convolution(input, convolution),
            Connection.Convolution(convolution), bits: bits,
            setBits: ledger.Recording && quantizer is not null ? quantizer.SetBits(input) : 0);
        var (values, weight) = quantizer is null ? (input, convolution.weight)
            : (quantizer.forward(input), Quantizer.Weights(convolution.weight, bits!.Value));
        var output = norm.forward(Convolution.SameSize(values, weight)).relu_();
        return (pool ? MaxPool.Of(output) : output).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            convolution.Dispose();
            norm.Dispose();
            quantizer?.Dispose();
        }
        base.Dispose(disposing);
    }
}

/// <summary>Linear with bias on real values. Weights start as N(0, 0.02), bias 0.</summary>
sealed class AnalogLinear : nn.Module<Tensor, Tensor>
{
    readonly string layer;
    readonly OperationLedger ledger;
    readonly TorchSharp.Modules.Linear linear;

    readonly int? bits;
    readonly Quantizer? quantizer;

    /// <param name="bits">Of weights and inputs; null for float32.</param>
    public AnalogLinear(string layer, int inputs, int outputs, OperationLedger ledger, int? bits = null) : base(layer)
    {
        (this.layer, this.ledger, this.bits) = (layer, ledger, bits);
        if (bits is { } precision) quantizer = new("quantizer", precision, signed: true);
        linear = nn.Linear(inputs, outputs);
        nn.init.normal_(linear.weight, 0, 0.02);
        nn.init.zeros_(linear.bias);
        RegisterComponents();
    }

    /// <summary>[..., inputs] to [..., outputs].</summary>
    public override Tensor forward(Tensor input)
    {
        ledger.Weighted(layer, "linear", input, InputKind.Analog, (double)input.numel() * linear.weight.shape[0],
            Bytes(linear.weight, bits), 1, Shapes.Linear(input, linear, leading: 1), Connection.Linear(linear), bits: bits,
            setBits: ledger.Recording && quantizer is not null ? quantizer.SetBits(input) : 0);
        if (quantizer is null) return linear.forward(input);
        using var scope = NewDisposeScope();
        return nn.functional.linear(quantizer.forward(input), Quantizer.Weights(linear.weight, bits!.Value), linear.bias)
            .MoveToOuterDisposeScope();
    }

    /// <summary>Of weights as they are held for inference.</summary>
    public static long Bytes(Tensor weight, int? bits) => (weight.numel() * (bits ?? 32) + 7) / 8;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            linear.Dispose();
            quantizer?.Dispose();
        }
        base.Dispose(disposing);
    }
}
