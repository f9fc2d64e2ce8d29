using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using Suites.SpikingTransformers.Learning;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Delays;

/// <param name="Longest">Longest delay in steps.</param>
/// <param name="Dropout">Share of spikes that are left out in training.</param>
sealed record DelaySizes(int Inputs, int Neurons, int Depth, int Classes, DelayRule Rule, int Longest, double Dropout, LifParameters Lif);

/// <summary>
/// Layers of delayed synapses, batch norm and LIF neurons without recurrence, and a leaky readout that never fires; the answer is the sum
/// over time of the readout's softmax (Hammouamri et al., ICLR 2024).
/// </summary>
sealed class DelayNetwork : nn.Module<Tensor, Tensor>, IAnnealed, IOwnRates
{
    /// <summary>Of Adam, relative to the weights' rate: 0.1 against 1e-3 in the published configuration.</summary>
    const double DelayRate = 100;

    readonly DelaySizes sizes;
    readonly OperationLedger ledger;
    readonly DelayedSynapses[] synapses;
    readonly TorchSharp.Modules.BatchNorm1d[] norms;
    readonly LeakyNeuron[] neurons;
    readonly DelayedSynapses readout;
    readonly TorchSharp.Modules.Dropout dropout;

    public DelayNetwork(DelaySizes sizes, OperationLedger ledger) : base(nameof(DelayNetwork))
    {
        (this.sizes, this.ledger) = (sizes, ledger);
        synapses = [.. Enumerable.Range(0, sizes.Depth).Select(index => new DelayedSynapses($"hidden{index + 1}",
            index == 0 ? sizes.Inputs : sizes.Neurons, sizes.Neurons, sizes.Rule, sizes.Longest, ledger))];
        norms = [.. synapses.Select(_ => nn.BatchNorm1d(sizes.Neurons))];
        neurons = [.. synapses.Select(_ => new LeakyNeuron(sizes.Lif))];
        readout = new("readout", sizes.Neurons, sizes.Classes, sizes.Rule, sizes.Longest, ledger);
        dropout = nn.Dropout(sizes.Dropout);
        for (var index = 0; index < sizes.Depth; index++)
        {
            register_module($"hidden{index + 1}", synapses[index]);
            register_module($"norm{index + 1}", norms[index]);
        }
        RegisterComponents();
    }

    /// <summary>[samples, steps, channels] spike counts to [samples, classes].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input.transpose(0, 1).contiguous();
        for (var index = 0; index < sizes.Depth; index++)
        {
            var currents = synapses[index].forward(x);
            x = neurons[index].forward(norms[index].forward(currents.flatten(0, 1)).view(currents.shape));
            ledger.Neurons($"hidden{index + 1}.lif", x);
            // Masks of single steps, as published. What is counted are whole spikes.
            x = training && !ledger.Recording ? dropout.forward(x) : x;
        }
        return Potentials(readout.forward(x)).softmax(2).sum([0]).MoveToOuterDisposeScope();
    }

    // V[t] = (1 - 1 / tau) V[t-1] + I[t].
    Tensor Potentials(Tensor currents)
    {
        var (v, kept) = (zeros_like(currents[0]), 1 - 1 / sizes.Lif.Tau);
        return stack(currents.unbind().Select(current => v = v * kept + current));
    }

    public void Anneal(int epoch, int epochs)
    {
        foreach (var layer in synapses.Append(readout)) layer.Anneal(epoch, epochs);
    }

    public double? RateOf(string parameter) => parameter.EndsWith(".delays", StringComparison.Ordinal) ? DelayRate : null;

    /// <summary>The same network for single events: norms folded into weights, whole delays.</summary>
    public EventDelayNetwork ToEvents()
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        List<DelayLayer> layers = [];
        for (var index = 0; index < sizes.Depth; index++)
        {
            var norm = norms[index];
            var scale = norm.weight! / (norm.running_var! + norm.eps).sqrt();
            layers.Add(DelayLayer.Of(synapses[index].Weight * scale.unsqueeze(1), norm.bias! - norm.running_mean! * scale,
                synapses[index].WholeDelays()));
        }
        layers.Add(DelayLayer.Of(readout.Weight, zeros(sizes.Classes), readout.WholeDelays()));
        return new(layers, sizes.Lif);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var part in synapses.Concat<nn.Module>(norms).Concat(neurons).Append(readout).Append(dropout)) part.Dispose();
        base.Dispose(disposing);
    }
}
