using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Thought;

/// <summary>
/// A network of its own for every neuron, over what arrived at it in the last ticks: one hidden layer, both layers gated (GLU) and divided
/// by a learned temperature.
/// </summary>
sealed class NeuronModels : nn.Module<Tensor, Tensor>
{
    readonly Parameter inner, innerBias, innerTemperature, outer, outerBias, outerTemperature;

    public NeuronModels(NeuronSizes sizes) : base(nameof(NeuronModels))
    {
        (inner, innerBias) = Layer(sizes.Neurons, sizes.Memory, 2 * sizes.Hidden);
        (outer, outerBias) = Layer(sizes.Neurons, sizes.Hidden, 2);
        (innerTemperature, outerTemperature) = (new(ones(1)), new(ones(1)));
        RegisterComponents();
    }

    static (Parameter Weight, Parameter Bias) Layer(int neurons, int from, int to)
    {
        var bound = 1 / Math.Sqrt(from + to);
        return (new(rand(neurons, from, to).mul_(2 * bound).sub_(bound)), new(zeros([neurons, 1, to])));
    }

    /// <summary>[neuron, sample, tick of the past] to [sample, neuron].</summary>
    public override Tensor forward(Tensor history)
    {
        using var scope = NewDisposeScope();
        var hidden = nn.functional.glu((history.bmm(inner) + innerBias) / innerTemperature, -1);
        return nn.functional.glu((hidden.bmm(outer) + outerBias) / outerTemperature, -1).squeeze(2).t().MoveToOuterDisposeScope();
    }

    /// <summary>Multiply-accumulates of all neurons at one tick of one sample.</summary>
    public long Operations => inner.numel() + outer.numel();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var parameter in new[] { inner, innerBias, innerTemperature, outer, outerBias, outerTemperature }) parameter.Dispose();
        base.Dispose(disposing);
    }
}
