using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Neurons;

/// <summary>
/// A layer of spiking neurons over all time steps: [steps, ...] currents to [steps, ...] spikes. Stateless between calls; every call starts
/// at rest. docs/neurons.md has the equation and the source of each.
/// </summary>
public abstract class Neuron : nn.Module<Tensor, Tensor>
{
    private protected Neuron(string name) : base(name) { }

    public sealed override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Fire(input).MoveToOuterDisposeScope();
    }

    /// <summary>With the surrogate's integral in place of the step function, so that the gradient is a true derivative.</summary>
    internal Tensor ForwardSmooth(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Run(input, Firing.Smooth).MoveToOuterDisposeScope();
    }

    /// <summary>The equations, one node per operation, even where a fused kernel computes <see cref="Fire"/>.</summary>
    internal Tensor ForwardGraph(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Run(input, Firing.Exact).MoveToOuterDisposeScope();
    }

    private protected virtual Tensor Fire(Tensor input) => Run(input, Firing.Exact);

    private protected abstract Tensor Run(Tensor input, Spike spike);
}
