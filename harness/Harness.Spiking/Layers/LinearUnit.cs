using Harness.Spiking.Counting;
using Harness.Spiking.Kernels;
using Harness.Spiking.Neurons;
using Harness.Spiking.Nir;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Layers;

/// <summary>Linear with bias, batch norm over merged steps, samples and tokens, then LIF. Weights start as N(0, 0.02), bias 0.</summary>
public sealed class LinearUnit : nn.Module<Tensor, Tensor>
{
    readonly string layer;
    readonly LifParameters lif;
    readonly OperationLedger ledger;
    readonly TorchSharp.Modules.Linear linear;
    readonly TorchSharp.Modules.BatchNorm1d norm;

    public LinearUnit(string layer, int inputs, int outputs, LifParameters lif, OperationLedger ledger) : base(layer)
    {
        (this.layer, this.lif, this.ledger) = (layer, lif, ledger);
        linear = nn.Linear(inputs, outputs);
        norm = nn.BatchNorm1d(outputs);
        // Not trunc_normal_: TorchSharp 0.107 fills with a constant. The published cut at 2 lies 100 deviations away and never binds.
        nn.init.normal_(linear.weight, 0, 0.02);
        nn.init.zeros_(linear.bias);
        RegisterComponents();
    }

    /// <summary>[steps, samples, ..., inputs] spikes or counts of spikes to [steps, samples, ..., outputs] spikes.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var rows = input.reshape(-1, input.shape[^1]);
        var (spikes, kernel) = SpikingLinear.Of(rows, (int)input.shape[0], linear, norm, lif);
        Count(input, InputKind.Spikes, (int)input.shape[0], kernel);
        return Counted(spikes, rows, [.. input.shape[..^1], linear.weight.shape[0]]).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// [samples, ..., inputs] real values, the same at all <paramref name="steps"/>, to [steps, samples, ..., outputs] spikes.
    /// </summary>
    public Tensor ForwardConstant(Tensor input, int steps)
    {
        using var scope = NewDisposeScope();
        Count(input, InputKind.Analog, 1);
        var rows = input.reshape(-1, input.shape[^1]);
        var current = linear.forward(rows);
        var shape = new NormLifShape(steps, checked((int)current.shape[0]), (int)current.shape[1], 1, Constant: true);
        return Counted(NormLif.Spikes(current, shape, norm, lif), rows, [steps, .. input.shape[..^1], current.shape[1]])
            .MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The trained layer as nodes: weights into which the norm's running statistics are folded, and neurons at steps of
    /// <paramref name="step"/> seconds.
    /// </summary>
    public (NirAffine Weights, NirNeuron Neurons) ToNir(double step)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        var gain = norm.weight!.to(float64) / (norm.running_var!.to(float64) + norm.eps).sqrt();
        var weight = linear.weight!.to(float64) * gain.unsqueeze(1);
        var bias = (linear.bias!.to(float64) - norm.running_mean!.to(float64)) * gain + norm.bias!.to(float64);
        return (new(NirTensors.Of(weight), NirTensors.Of(bias)), NirConversion.Of(lif, step, (int)bias.shape[0]));
    }

    // The potentials never exist here; who asks for them has them computed by libtorch.
    Tensor Counted(Tensor spikes, Tensor input, long[] shape)
    {
        ledger.Neurons($"{layer}.lif", spikes, () =>
        {
            var normed = norm.forward(linear.forward(input));
            return LifGraph.Potentials(normed.numel() < spikes.numel() ? normed.view(shape[1..]).expand(shape) : normed.view(shape), lif);
        });
        return spikes.view(shape);
    }

    void Count(Tensor input, InputKind kind, int steps, string? kernel = null) => ledger.Weighted(layer, "linear", input, kind,
        (double)input.numel() * linear.weight.shape[0], linear.weight.numel() * sizeof(float), steps,
        Shapes.Linear(input, linear, leading: kind == InputKind.Spikes ? 2 : 1), Connection.Linear(linear), kernel);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            linear.Dispose();
            norm.Dispose();
        }
        base.Dispose(disposing);
    }
}
