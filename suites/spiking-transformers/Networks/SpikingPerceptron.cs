using Harness.Spiking.Counting;
using Harness.Spiking.Layers;
using Harness.Spiking.Neurons;
using Harness.Spiking.Nir;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks;

/// <summary>Hidden layers of LIF neurons under a constant input current, and a readout of their spikes.</summary>
sealed class SpikingPerceptron : nn.Module<Tensor, Tensor>, INirSource
{
    readonly int inputs, steps, classes;
    readonly LinearUnit[] layers;
    readonly Readout readout;

    public SpikingPerceptron(int inputs, int hidden, int depth, int steps, int classes, LifParameters lif, OperationLedger ledger)
        : base(nameof(SpikingPerceptron))
    {
        (this.inputs, this.steps, this.classes) = (inputs, steps, classes);
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

    public NirGraph ToNir(double step)
    {
        List<(string, NirNode)> nodes = [];
        foreach (var unit in layers)
        {
            var (weights, neurons) = unit.ToNir(step);
            nodes.Add((unit.GetName(), weights));
            nodes.Add(($"{unit.GetName()}.lif", neurons));
        }
        nodes.Add(("readout", readout.ToNir()));
        return NirGraph.Chain([inputs], nodes, [classes]) with
        {
            Metadata = new Dictionary<string, NirValue>
            {
                ["input"] = new NirText("pixel intensities in [0, 1], row by row, the same at each step"),
                ["answer"] = new NirText("the largest mean of the output over the steps"),
                ["steps"] = NirArray.Of(steps),
                ["step_seconds"] = new NirArray(NirType.Float64, [step]),
                ["discretisation"] = new NirText("forward Euler"),
            },
        };
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
