using Harness.Spiking.Counting;
using Harness.Spiking.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Layers;

/// <summary>Linear and batch norm over merged steps, samples and tokens: a membrane. Weights start as N(0, 0.02), bias 0.</summary>
sealed class DenseNorm : Layer
{
    readonly string layer;
    readonly double unit;
    readonly OperationLedger ledger;
    readonly TorchSharp.Modules.Linear linear;
    readonly TorchSharp.Modules.BatchNorm1d norm;

    /// <param name="unit">The smallest input that is not 0, of neurons that emit parts of one.</param>
    public DenseNorm(string layer, int inputs, int outputs, double unit, OperationLedger ledger, bool bias = true) : base(layer)
    {
        (this.layer, this.unit, this.ledger) = (layer, unit, ledger);
        linear = Linear(inputs, outputs, bias);
        norm = nn.BatchNorm1d(outputs);
        Register();
    }

    /// <summary>[steps, samples, tokens, inputs] spikes or counts of spikes to [steps, samples, tokens, outputs].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (currents, kernel) = SpikingLinear.Currents(input.reshape(-1, input.shape[^1]), linear);
        Operations.Linear(ledger, layer, input, linear.weight, unit, linear.bias is not null, kernel);
        return MembraneNorm.Of(currents, norm).view([.. input.shape[..^1], linear.weight.shape[0]]).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input) => sketch.Norm($"{layer}.norm",
        sketch.Linear(layer, input, (int)linear.weight.shape[0], linear.bias is not null));

    public static TorchSharp.Modules.Linear Linear(int inputs, int outputs, bool bias)
    {
        var made = nn.Linear(inputs, outputs, hasBias: bias);
        // Not trunc_normal_: TorchSharp 0.107 fills with a constant. The published cut at 2 lies 100 deviations away and never binds.
        nn.init.normal_(made.weight, 0, 0.02);
        if (made.bias is { } offset) nn.init.zeros_(offset);
        return made;
    }
}
