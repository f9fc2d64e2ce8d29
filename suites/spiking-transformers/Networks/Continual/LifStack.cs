using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Continual;

/// <summary>LIF neurons of tau 2, threshold 1, hard reset; gradients through time, or online.</summary>
sealed class LifStack : SpikingStack
{
    static readonly LifParameters Neuron = new();

    // At tau 1 the charge is the current: what is left of the neuron is its step and the surrogate's derivative.
    static readonly LifParameters Step = Neuron with { Tau = 1 };

    public LifStack(StackSizes sizes, OperationLedger ledger) : base(sizes, ledger) => Register("weight", Weights);

    /// <summary>[samples, inputs] to [samples, classes].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Count(input, 0);
        var spikes = Lif.SpikesOfConstant(Currents(input, 0) * Sizes.Gain, Sizes.Steps, Neuron);
        CountNeurons(spikes, 0);
        for (var layer = 1; layer < Sizes.Depth; layer++)
        {
            Count(spikes, layer);
            spikes = Lif.Spikes(Currents(spikes, layer) * Sizes.Gain, Neuron);
            CountNeurons(spikes, layer);
        }
        Count(spikes, Sizes.Depth);
        return Currents(spikes.mean([0]), Sizes.Depth).MoveToOuterDisposeScope();
    }

    public override Lesson Learn(Tensor input, Tensor labels) =>
        Sizes.Credit == CreditRule.Ottt ? LearnOnline(input, labels) : LearnThroughTime(input, labels);

    Lesson LearnThroughTime(Tensor input, Tensor labels)
    {
        List<Tensor> before = [input], currents = [Currents(input, 0).requires_grad_()];
        var spikes = Lif.SpikesOfConstant(currents[0] * Sizes.Gain, Sizes.Steps, Neuron);
        for (var layer = 1; layer <= Sizes.Depth; layer++)
        {
            var rows = spikes.flatten(0, 1);
            before.Add(rows.detach());
            currents.Add(Currents(rows, layer));
            if (layer < Sizes.Depth)
                spikes = Lif.Spikes(currents[layer].view(Sizes.Steps, -1, Sizes.Hidden) * Sizes.Gain, Neuron);
        }
        var loss = nn.functional.cross_entropy(currents[^1].view(Sizes.Steps, -1, Sizes.Classes).mean([0]), labels);
        var gradients = autograd.grad([loss], currents);
        return new(loss.item<float>(), (int)input.shape[0], [.. before.Zip(gradients, (rows, gradient) => new Credit(rows, gradient))], []);
    }

    // The potential of the step before is a number here, not a way back; what a weight did earlier is in the trace.
    Lesson LearnOnline(Tensor input, Tensor labels)
    {
        var keeps = 1 - 1 / Neuron.Tau;
        var potentials = Enumerable.Range(0, Sizes.Depth).Select(_ => zeros(input.shape[0], Sizes.Hidden)).ToArray();
        var traces = Enumerable.Range(0, Sizes.Depth).Select(layer => zeros(input.shape[0], Weights[layer].shape[1])).ToArray();
        var steps = new List<(Tensor[] Before, Tensor[] Gradients)>();
        var sum = 0.0;
        for (var step = 0; step < Sizes.Steps; step++)
        {
            var (x, before, currents) = (input, new Tensor[Sizes.Depth + 1], new Tensor[Sizes.Depth + 1]);
            for (var layer = 0; layer < Sizes.Depth; layer++)
            {
                before[layer] = traces[layer] = traces[layer] * keeps + x.detach();
                currents[layer] = layer == 0 ? Currents(x, layer).requires_grad_() : Currents(x, layer);
                var charge = potentials[layer] * keeps + currents[layer] * (Sizes.Gain / Neuron.Tau);
                x = Lif.Spikes(charge.unsqueeze(0), Step)[0];
                potentials[layer] = charge.detach() * (1 - x.detach());
            }
            before[^1] = x.detach();
            currents[^1] = Currents(x, Sizes.Depth);
            var loss = nn.functional.cross_entropy(currents[^1], labels) / Sizes.Steps;
            steps.Add((before, [.. autograd.grad([loss], currents)]));
            sum += loss.item<float>();
        }
        return new(sum, (int)input.shape[0], [.. Enumerable.Range(0, Sizes.Depth + 1).Select(layer => new Credit(
            cat([.. steps.Select(step => step.Before[layer])]), cat([.. steps.Select(step => step.Gradients[layer])])))], []);
    }
}
