using Harness.Spiking.Kernels;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Neurons;

/// <summary>A layer of LIF neurons over all time steps; stateless between calls, every call starts at V = 0.</summary>
public static class Lif
{
    /// <summary>Spikes of <paramref name="input"/> [steps, ...]; same shape, values 0 and 1, differentiable by the surrogate.</summary>
    public static Tensor Spikes(Tensor input, LifParameters lif) => Run(input, (int)input.shape[0], constant: false, lif);

    /// <summary>Spikes of a current [...] that is the same at all <paramref name="steps"/>: [steps, ...].</summary>
    public static Tensor SpikesOfConstant(Tensor input, int steps, LifParameters lif) => Run(input, steps, constant: true, lif);

    static Tensor Run(Tensor input, int steps, bool constant, LifParameters lif) => input.requires_grad && is_grad_enabled()
        ? CustomFunction.Apply(FusedLif.apply, input, steps, constant, lif)
        : FusedLif.Compute(input, steps, constant, lif, keepCharge: false).Spikes;
}

sealed unsafe class FusedLif : autograd.SingleTensorFunction<FusedLif>
{
    public override string Name => nameof(FusedLif);

    public static (Tensor Spikes, Tensor? Charge) Compute(Tensor input, int steps, bool constant, LifParameters lif, bool keepCharge)
    {
        using var current = input.contiguous();
        long[] shape = constant ? [steps, .. input.shape] : input.shape;
        var spikes = empty(shape, float32);
        var charge = keepCharge ? empty(shape, float32) : null;
        var size = new LifShape(steps, constant ? input.numel() : input.numel() / steps, constant);
        LifKernel.Forward(TensorMemory.Floats(current), charge is null ? null : TensorMemory.Floats(charge), TensorMemory.Floats(spikes),
            size, lif);
        return (spikes, charge);
    }

    public override Tensor forward(autograd.AutogradContext context, params object[] vars)
    {
        var (input, steps, constant, lif) = ((Tensor)vars[0], (int)vars[1], (bool)vars[2], (LifParameters)vars[3]);
        var (spikes, charge) = Compute(input, steps, constant, lif, keepCharge: true);
        context.save_for_backward([charge!]);
        context.save_data(nameof(constant), constant);
        context.save_data(nameof(lif), lif);
        return spikes;
    }

    public override List<Tensor> backward(autograd.AutogradContext context, Tensor spikeGradient)
    {
        using var charge = context.get_saved_variables()[0];
        var constant = (bool)context.get_data("constant");
        var lif = (LifParameters)context.get_data("lif");
        using var incoming = spikeGradient.contiguous();
        var steps = (int)charge.shape[0];
        var gradient = empty(constant ? charge.shape[1..] : charge.shape, float32);
        var size = new LifShape(steps, charge.numel() / steps, constant);
        LifKernel.Backward(TensorMemory.Floats(incoming), TensorMemory.Floats(charge), TensorMemory.Floats(gradient), size, lif);
        spikeGradient.Dispose();
        return CustomFunction.Gradients(gradient, null, null, null);
    }
}
