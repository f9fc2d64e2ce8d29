using Harness.Spiking.Counting;
using Harness.Spiking.Layers;
using Harness.Spiking.Neurons;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks;

/// <summary>Hidden layers of LIF neurons under a constant input current, and a readout of their spikes.</summary>
sealed class SpikingPerceptron : nn.Module<Tensor, Tensor>
{
    readonly int steps;
    readonly LinearUnit[] layers;
    readonly Readout readout;

    public SpikingPerceptron(int inputs, int hidden, int depth, int steps, int classes, LifParameters lif, OperationLedger ledger)
        : base(nameof(SpikingPerceptron))
    {
        this.steps = steps;
        layers = [.. Enumerable.Range(0, depth)
            .Select(index => new LinearUnit($"hidden{index + 1}", index == 0 ? inputs : hidden, hidden, lif, ledger))];
        readout = new("readout", hidden, classes, ledger);
        foreach (var layer in layers) register_module(layer.GetName(), layer);
        RegisterComponents();
    }

    /// <summary>[samples, ...] intensities to [samples, classes].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var spikes = layers[0].ForwardConstant(input.flatten(1), steps);
        foreach (var layer in layers[1..]) spikes = layer.forward(spikes);
        return readout.ForwardSpikes(spikes).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var layer in layers) layer.Dispose();
            readout.Dispose();
        }
        base.Dispose(disposing);
    }
}
