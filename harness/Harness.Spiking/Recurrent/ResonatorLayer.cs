using Harness.Spiking.Kernels;
using Harness.Spiking.Neurons;
using Harness.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Harness.Spiking.Recurrent;

/// <summary>
/// Balanced resonate-and-fire neurons that are joined to each other (Higuchi, Kairat, Bohte, Otte, ICML 2024), in units of a step. With
/// u = x + i y, refractory trace q, I = X + W^T S of the step before: u += (g - fatigue q + i w) u + I; S = 1 where x >= threshold + q
/// (the q of the step before); q = memory q + S. g = -1 + sqrt(1 - w^2) - damping is the growth up to which no spike leaves the state to
/// blow up.
/// </summary>
public sealed class ResonatorLayer : nn.Module<Tensor, Tensor>
{
    const double MostTurn = 0.99;

    // Parameters are kept in such units that one rate of learning suits all: a step of Adam moves each number by about the rate.
    const double TurnUnit = 0.1, DampingUnit = 0.01, WeightUnit = 0.1;

    readonly LifParameters firing;
    readonly ResonatorRules rules;
    readonly Parameter weight;
    readonly Parameter turn;
    readonly Parameter damping;

    /// <param name="neurons">A multiple of 32.</param>
    /// <param name="turns">Least and greatest angle per step at the start: 2 pi over the period in steps.</param>
    /// <param name="dampings">Least and greatest loss per step at the start.</param>
    /// <param name="memory">Share of the refractory trace that is left a step later.</param>
    /// <param name="fatigue">Loss per step that a trace of 1 causes; 0.01 as published, where a step is 0.01 long.</param>
    public ResonatorLayer(string name, int neurons, (double Least, double Greatest) turns, (double Least, double Greatest) dampings,
        float memory, float fatigue, LifParameters firing) : base(name)
    {
        if (neurons < 1 || neurons % ResonatorShape.Multiple != 0)
            throw new HarnessException($"A layer of resonators has a multiple of {ResonatorShape.Multiple} neurons, not {neurons}.");
        (this.firing, rules) = (firing.Checked(), new(firing.Threshold, memory, fatigue));
        weight = new(empty([neurons, neurons], float32));
        nn.init.uniform_(weight, -1 / Math.Sqrt(neurons), 1 / Math.Sqrt(neurons));
        turn = new((rand(neurons) * (turns.Greatest - turns.Least) + turns.Least) / TurnUnit);
        damping = new((rand(neurons) * (dampings.Greatest - dampings.Least) + dampings.Least) / DampingUnit);
        RegisterComponents();
    }

    public Tensor Weight => weight;

    /// <summary>[steps, samples, neurons] currents to spikes of the same shape.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (angle, growth, weights) = Constants();
        return (is_grad_enabled() ? CustomFunction.Apply(FusedResonators.apply, input, weights, angle, growth, firing, rules)
            : FusedResonators.Compute(input, weights, angle, growth, rules).Spikes).MoveToOuterDisposeScope();
    }

    /// <summary>The equations, one node per operation: what the kernel is compared with.</summary>
    internal Tensor ForwardGraph(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (angle, growth, weights) = Constants();
        var (x, y) = (zeros(input.shape[1..]), zeros(input.shape[1..]));
        var (q, spikes) = (zeros_like(x), zeros_like(x));
        return Membrane.Over(input, outside =>
        {
            var (grows, current) = (growth - q * rules.Fatigue, outside + spikes.matmul(weights));
            (x, y) = (x + grows * x - angle * y + current, y + angle * x + grows * y);
            spikes = Firing.Exact(x - firing.Threshold - q, firing);
            q = q * rules.Memory + spikes;
            return spikes;
        }).MoveToOuterDisposeScope();
    }

    (Tensor Angle, Tensor Growth, Tensor Weights) Constants()
    {
        var angle = (turn * TurnUnit).abs().clamp(0, MostTurn);
        return (angle, (1 - angle.square()).sqrt() - 1 - (damping * DampingUnit).abs(), weight * WeightUnit);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var part in new[] { weight, turn, damping }) part.Dispose();
        base.Dispose(disposing);
    }
}

sealed unsafe class FusedResonators : autograd.SingleTensorFunction<FusedResonators>
{
    public override string Name => nameof(FusedResonators);

    public static (Tensor Spikes, Tensor Trace) Compute(Tensor input, Tensor weight, Tensor turns, Tensor growths,
        ResonatorRules rules)
    {
        using var current = input.contiguous();
        var spikes = empty(input.shape, float32);
        // Both parts of the state and the refractory trace.
        var trace = empty([3, .. input.shape], float32);
        ResonatorKernel.Forward(TensorMemory.Floats(current), Neurons(weight, turns, growths, rules), TensorMemory.Floats(spikes),
            Parts(trace), Shape(input));
        return (spikes, trace);
    }

    public override Tensor forward(autograd.AutogradContext context, params object[] vars)
    {
        var (firing, rules) = ((LifParameters)vars[4], (ResonatorRules)vars[5]);
        var (weight, turns, growths) = ((Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3]);
        var (spikes, trace) = Compute((Tensor)vars[0], weight, turns, growths, rules);
        // Spikes are saved as a copy: an output that is saved would keep itself alive.
        context.save_for_backward([weight, turns, growths, trace, spikes.clone()]);
        context.save_data("firing", firing);
        context.save_data("rules", rules);
        return spikes;
    }

    public override List<Tensor> backward(autograd.AutogradContext context, Tensor spikeGradient)
    {
        using var scope = NewDisposeScope();
        var saved = context.get_saved_variables();
        var (firing, rules) = ((LifParameters)context.get_data("firing"), (ResonatorRules)context.get_data("rules"));
        var spikes = saved[4];
        var (incoming, input, size) = (spikeGradient.contiguous(), empty_like(spikes), (int)spikes.shape[2]);
        var sums = new float[(size + 2) * size];
        ResonatorKernel.Backward(TensorMemory.Floats(incoming), Neurons(saved[0], saved[1], saved[2], rules),
            TensorMemory.Floats(spikes), Parts(saved[3]), TensorMemory.Floats(input), sums, Shape(spikes), firing);
        spikeGradient.Dispose();
        var all = tensor(sums);
        return CustomFunction.Gradients(input, all[..(size * size)].view(size, size).clone(),
            all[(size * size)..(size * size + size)].clone(), all[(size * size + size)..].clone(), null, null);
    }

    static ResonatorNeurons Neurons(Tensor weight, Tensor turns, Tensor growths, ResonatorRules rules) =>
        new(TensorMemory.Floats(weight), TensorMemory.Floats(turns), TensorMemory.Floats(growths), rules);

    static ResonatorTrace Parts(Tensor trace)
    {
        var values = TensorMemory.Floats(trace);
        var part = trace.numel() / 3;
        return new(values, values + part, values + 2 * part);
    }

    static ResonatorShape Shape(Tensor input) => new((int)input.shape[0], (int)input.shape[1], (int)input.shape[2]);
}
