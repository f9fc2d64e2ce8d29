using Harness.Spiking.Counting;
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

    /// <summary>[steps, samples, ..., inputs] spikes to [steps, samples, ..., outputs] spikes.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Count(input, InputKind.Spikes, (int)input.shape[0]);
        var current = Current(input);
        var spikes = Lif.Spikes(current, lif);
        ledger.Neurons($"{layer}.lif", spikes, () => LifGraph.Potentials(current, lif));
        return spikes.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// [samples, ..., inputs] real values, the same at all <paramref name="steps"/>, to [steps, samples, ..., outputs] spikes.
    /// </summary>
    public Tensor ForwardConstant(Tensor input, int steps)
    {
        using var scope = NewDisposeScope();
        Count(input, InputKind.Analog, 1);
        var current = Current(input);
        var spikes = Lif.SpikesOfConstant(current, steps, lif);
        ledger.Neurons($"{layer}.lif", spikes, () => LifGraph.Potentials(current.expand([steps, .. current.shape]), lif));
        return spikes.MoveToOuterDisposeScope();
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

    Tensor Current(Tensor input)
    {
        var rows = norm.forward(linear.forward(input.reshape(-1, input.shape[^1])));
        return rows.view([.. input.shape[..^1], rows.shape[1]]);
    }

    void Count(Tensor input, InputKind kind, int steps) => ledger.Weighted(layer, "linear", input, kind,
        (double)input.numel() * linear.weight.shape[0], linear.weight.numel() * sizeof(float), steps,
        Shapes.Linear(input, linear, leading: kind == InputKind.Spikes ? 2 : 1), Connection.Linear(linear));

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
