using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Fisbe.Networks;

/// <summary>3×3×3 convolution of the same size without bias, batch norm over steps and samples, LIF.</summary>
/// <remarks>Axes are merged as [steps·samples, channels, z, y, x], steps outermost.</remarks>
sealed class SpikingConvolution : nn.Module<Tensor, Tensor>
{
    readonly string layer;
    readonly int steps;
    readonly LifParameters lif;
    readonly bool constant;
    readonly OperationLedger ledger;
    readonly TorchSharp.Modules.Conv3d convolution;
    readonly TorchSharp.Modules.BatchNorm3d norm;

    /// <param name="constant">The input is real and the same at all steps: [samples, inputs, z, y, x].</param>
    public SpikingConvolution(string layer, int inputs, int outputs, int steps, LifParameters lif, OperationLedger ledger, bool constant)
        : base(layer)
    {
        (this.layer, this.steps, this.lif, this.ledger, this.constant) = (layer, steps, lif, ledger, constant);
        convolution = nn.Conv3d(inputs, outputs, kernel_size: 3, padding: 1, bias: false);
        norm = nn.BatchNorm3d(outputs);
        RegisterComponents();
    }

    /// <summary>Spikes [steps·samples, outputs, z, y, x].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        ledger.Weighted(layer, "conv", input, constant ? InputKind.Analog : InputKind.Spikes,
            (double)input.numel() * 27 * convolution.weight.shape[0], convolution.weight.numel() * sizeof(float), constant ? 1 : steps,
            Shapes.Convolution(input, convolution, constant ? 1 : steps));
        var current = norm.forward(Harness.Torch.Convolution.SameSize(input, convolution.weight));
        var spikes = constant ? Lif.SpikesOfConstant(current, steps, lif) : Lif.Spikes(current.unflatten(0, [steps, -1]), lif);
        ledger.Neurons($"{layer}.lif", spikes);
        return spikes.flatten(0, 1).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            convolution.Dispose();
            norm.Dispose();
        }
        base.Dispose(disposing);
    }
}

/// <summary>Transposed convolution of stride 2, batch norm, LIF.</summary>
sealed class SpikingWidening : nn.Module<Tensor, Tensor>
{
    readonly string layer;
    readonly int steps;
    readonly LifParameters lif;
    readonly OperationLedger ledger;
    readonly Widening widening;
    readonly TorchSharp.Modules.BatchNorm3d norm;

    public SpikingWidening(string layer, int inputs, int outputs, int steps, LifParameters lif, OperationLedger ledger) : base(layer)
    {
        (this.layer, this.steps, this.lif, this.ledger) = (layer, steps, lif, ledger);
        widening = new(layer, inputs, outputs, ledger, InputKind.Spikes, steps);
        norm = nn.BatchNorm3d(outputs);
        RegisterComponents();
    }

    /// <summary>Spikes [steps·samples, inputs, z, y, x] to spikes [steps·samples, outputs, 2z, 2y, 2x].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var spikes = Lif.Spikes(norm.forward(widening.forward(input)).unflatten(0, [steps, -1]), lif);
        ledger.Neurons($"{layer}.lif", spikes);
        return spikes.flatten(0, 1).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            widening.Dispose();
            norm.Dispose();
        }
        base.Dispose(disposing);
    }
}
