using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Harness.Spiking.Neurons;

/// <summary>
/// PSN (Fang et al., NeurIPS 2023): no reset, so all steps at once. H = W X + b over time, W [steps, steps] and b [steps] learned, S = 1
/// where H >= 0. As published a step also sees the future.
/// </summary>
public sealed class ParallelNeuron : Neuron
{
    readonly LifParameters rules;
    readonly Parameter weight;
    readonly Parameter bias;
    readonly Tensor? mask;

    /// <param name="order">Sees only the last so many steps of the past, itself included (masked PSN); null sees all.</param>
    public ParallelNeuron(int steps, int? order = null, LifParameters? firing = null) : base(nameof(ParallelNeuron))
    {
        if (order is < 1) throw new HarnessException($"A masked parallel neuron sees at least one step, not {order}.");
        rules = (firing ?? new(Surrogate: Surrogate.ArcTangent, Slope: 2)).Checked();
        weight = new(empty([steps, steps], float32));
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        bias = new(full([steps], -1f));
        if (order is { } last) register_buffer(nameof(mask), mask = ones(steps, steps).tril().triu(1 - last));
        RegisterComponents();
    }

    private protected override Tensor Run(Tensor input, Spike spike)
    {
        if (input.shape[0] != bias.shape[0])
            throw new HarnessException($"A parallel neuron made for {bias.shape[0]} steps received {input.shape[0]}.");
        var w = mask is null ? weight : weight * mask;
        var h = w.matmul(input.flatten(1)) + bias.unsqueeze(1);
        return spike(h, rules).view(input.shape);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            weight.Dispose();
            bias.Dispose();
            mask?.Dispose();
        }
        base.Dispose(disposing);
    }
}
