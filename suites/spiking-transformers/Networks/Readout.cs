using Harness.Spiking.Counting;
using Harness.Spiking.Nir;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks;

/// <summary>The linear layer that gives logits. Weights start as N(0, 0.02), bias 0.</summary>
sealed class Readout : nn.Module<Tensor, Tensor>
{
    readonly string layer;
    readonly OperationLedger ledger;
    readonly TorchSharp.Modules.Linear linear;

    public Readout(string layer, int inputs, int classes, OperationLedger ledger) : base(layer)
    {
        (this.layer, this.ledger) = (layer, ledger);
        linear = nn.Linear(inputs, classes);
        nn.init.normal_(linear.weight, 0, 0.02);
        nn.init.zeros_(linear.bias);
        RegisterComponents();
    }

    /// <summary>[samples, ...] real values, flattened, to [samples, classes].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Count(input, InputKind.Analog, 1);
        return linear.forward(input.flatten(1)).MoveToOuterDisposeScope();
    }

    /// <summary>[steps, samples, inputs] spikes to [samples, classes]: the mean over steps of W s + b, computed as W mean(s) + b.</summary>
    /// <param name="unit">The smallest value that is not 0, of neurons that emit parts of one.</param>
    public Tensor ForwardSpikes(Tensor spikes, double unit = 1)
    {
        using var scope = NewDisposeScope();
        Count(unit == 1 ? spikes : (spikes / unit).round(), InputKind.Spikes, (int)spikes.shape[0]);
        return linear.forward(spikes.mean([0])).MoveToOuterDisposeScope();
    }

    /// <summary>[steps, samples, inputs] to [steps, samples, classes].</summary>
    public Tensor Steps(Tensor input) => linear.forward(input);

    void Count(Tensor input, InputKind kind, int steps) => ledger.Weighted(layer, "linear", input, kind,
        (double)input.numel() * linear.weight.shape[0], linear.weight.numel() * sizeof(float), steps,
        new LayerShape((int)linear.weight.shape[1], 1, (int)linear.weight.shape[0], 1, Bias: true), Connection.Linear(linear));

    /// <summary>The layer as a node.</summary>
    public NirAffine ToNir() => new(NirTensors.Of(linear.weight!), NirTensors.Of(linear.bias!));

    protected override void Dispose(bool disposing)
    {
        if (disposing) linear.Dispose();
        base.Dispose(disposing);
    }
}
