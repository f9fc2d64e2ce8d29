using static TorchSharp.torch;

namespace Harness.Spiking.Neurons;

/// <summary>Leaky integrate-and-fire, or integrate-and-fire with an infinite time constant; computed by the fused kernel.</summary>
public sealed class LeakyNeuron(LifParameters lif) : Neuron(nameof(LeakyNeuron))
{
    readonly LifParameters lif = lif.Checked();

    private protected override Tensor Fire(Tensor input) => Lif.Spikes(input, lif);

    private protected override Tensor Run(Tensor input, Spike spike) =>
        spike == Firing.Exact ? LifGraph.Spikes(input, lif) : LifGraph.SmoothSpikes(input, lif);
}
