using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Layers;

/// <summary>A layer of neurons without weights: [steps, samples, ...] currents or membranes to spikes.</summary>
sealed class Neurons : Layer
{
    readonly string layer;
    readonly NeuronRules rules;
    readonly OperationLedger ledger;
    readonly Neuron neuron;

    public Neurons(string layer, NeuronRules rules, OperationLedger ledger) : base(layer)
    {
        (this.layer, this.rules, this.ledger) = (layer, rules, ledger);
        neuron = rules.Create();
        Register();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var spikes = neuron.forward(input);
        Count(ledger, layer, spikes, rules, () => input);
        return spikes.MoveToOuterDisposeScope();
    }

    /// <param name="currents">
    /// Computes what charges the neurons; asked for by NeuroBench's definitions alone; null where they are not known.
    /// </param>
    public static void Count(OperationLedger ledger, string layer, Tensor spikes, NeuronRules rules,
        Func<Tensor>? currents)
    {
        if (!ledger.Recording) return;
        using var scope = NewDisposeScope();
        var counts = rules.Unit == 1 ? spikes : (spikes / rules.Unit).round();
        ledger.Neurons(layer, counts, rules.Fused && currents is not null ? () => LifGraph.Potentials(currents(), rules.Lif) : null);
    }

    public override Wire Draw(Sketch sketch, Wire input) => sketch.Spike(layer, input, rules);
}
