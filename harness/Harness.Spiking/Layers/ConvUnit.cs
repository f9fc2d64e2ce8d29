using Harness.Spiking.Counting;
using Harness.Spiking.Kernels;
using Harness.Spiking.Neurons;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Layers;

/// <summary>
/// 3x3 convolution without bias, stride 1, same size; batch norm over merged steps and samples; LIF; optionally a 3x3 max pool of stride 2.
/// </summary>
public sealed class ConvUnit : nn.Module<Tensor, Tensor>
{
    readonly string layer;
    readonly LifParameters lif;
    readonly bool pool;
    readonly OperationLedger ledger;
    readonly TorchSharp.Modules.Conv2d convolution;
    readonly TorchSharp.Modules.BatchNorm2d norm;

    public ConvUnit(string layer, int inputs, int outputs, bool pool, LifParameters lif, OperationLedger ledger) : base(layer)
    {
        (this.layer, this.lif, this.pool, this.ledger) = (layer, lif, pool, ledger);
        convolution = nn.Conv2d(inputs, outputs, kernel_size: 3, stride: 1, padding: 1, bias: false);
        norm = nn.BatchNorm2d(outputs);
        RegisterComponents();
    }

    /// <summary>[steps, samples, channels, rows, columns] spikes to spikes.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var merged = input.flatten(0, 1);
        Count(merged, InputKind.Spikes, (int)input.shape[0]);
        return Fire(merged, (int)input.shape[0], constant: false).MoveToOuterDisposeScope();
    }

    /// <summary>[samples, channels, rows, columns] real values, the same at all <paramref name="steps"/>: convolved once.</summary>
    public Tensor ForwardConstant(Tensor input, int steps)
    {
        using var scope = NewDisposeScope();
        Count(input, InputKind.Analog, 1);
        return Fire(input, steps, constant: true).MoveToOuterDisposeScope();
    }

    Tensor Fire(Tensor input, int steps, bool constant)
    {
        var current = Current(input, constant);
        var (channels, pixels) = ((int)current.shape[1], (int)(current.shape[2] * current.shape[3]));
        var samples = checked((int)(constant ? current.shape[0] : current.shape[0] / steps));
        long[] shape = [steps, samples, .. current.shape[1..]];
        var spikes = NormLif.Spikes(current, new(steps, samples, channels * pixels, pixels, constant), norm, lif).view(shape);
        // The potentials never exist here; who asks for them has them computed by libtorch.
        ledger.Neurons($"{layer}.lif", spikes, () =>
        {
            var normed = norm.forward(Current(input, constant));
            return LifGraph.Potentials(constant ? normed.expand(shape) : normed.view(shape), lif);
        });
        return pool ? MaxPool.Of(spikes) : spikes;
    }

    Tensor Current(Tensor input, bool constant) => constant ? Convolution.SameSize(input, convolution.weight)
        : SpikeConvolution.Of(input, convolution.weight);

    // Zero padding is counted as the dense machine computes it: 9 taps for every output.
    void Count(Tensor input, InputKind kind, int steps) => ledger.Weighted(layer, "conv", input, kind,
        (double)input.numel() * 9 * convolution.weight.shape[0], convolution.weight.numel() * sizeof(float), steps,
        Shapes.Convolution(input, convolution), Connection.Convolution(convolution));

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
