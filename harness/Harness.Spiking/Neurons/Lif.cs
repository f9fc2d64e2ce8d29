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
        : FusedLif.Compute(input, steps, constant, lif);
}

sealed unsafe class FusedLif : autograd.SingleTensorFunction<FusedLif>
{
    public override string Name => nameof(FusedLif);

    public static Tensor Compute(Tensor input, int steps, bool constant, LifParameters lif)
    {
        using var current = input.contiguous();
        var spikes = empty(constant ? [steps, .. current.shape] : current.shape, float32);
        LifKernel.Forward(TensorMemory.Floats(current), TensorMemory.Floats(spikes), Shape(current, steps, constant), lif);
        return spikes;
    }

    public static LifShape Shape(Tensor current, int steps, bool constant) =>
        new(steps, constant ? current.numel() : current.numel() / steps, constant);

    public override Tensor forward(autograd.AutogradContext context, params object[] vars)
    {
        var (input, steps, constant, lif) = ((Tensor)vars[0], (int)vars[1], (bool)vars[2], (LifParameters)vars[3]);
        var current = input.contiguous();
        context.save_for_backward([current]);
        context.save_data(nameof(steps), steps);
        context.save_data(nameof(constant), constant);
        context.save_data(nameof(lif), lif);
        return Compute(current, steps, constant, lif);
    }

    public override List<Tensor> backward(autograd.AutogradContext context, Tensor spikeGradient)
    {
        using var current = context.get_saved_variables()[0];
        var (steps, constant) = ((int)context.get_data("steps"), (bool)context.get_data("constant"));
        var lif = (LifParameters)context.get_data("lif");
        using var incoming = spikeGradient.contiguous();
        var gradient = empty(current.shape, float32);
        LifKernel.Backward(TensorMemory.Floats(incoming), TensorMemory.Floats(current), TensorMemory.Floats(gradient),
            Shape(current, steps, constant), lif);
        spikeGradient.Dispose();
        return CustomFunction.Gradients(gradient, null, null, null);
    }
}
