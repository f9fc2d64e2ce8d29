using Harness.Spiking.Kernels;
using Harness.Spiking.Neurons;
using Harness.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Harness.Spiking.Layers;

/// <summary>
/// Batch norm and LIF as one function: what libtorch's batch norm followed by <see cref="Lif"/> computes, up to the rounding of the norm.
/// It keeps nothing for the backward pass but its input.
/// </summary>
public static class NormLif
{
    /// <param name="current">
    /// float32 [steps x samples, channels, ...], steps slowest; with <paramref name="constant"/> [samples, channels, ...], the same at all
    /// steps. Where gradients are wanted its memory is taken over.
    /// </param>
    /// <param name="norm">Scale, shift and running statistics; these are used when it evaluates, and updated when it trains.</param>
    /// <returns>Spikes [steps, samples, channels, ...].</returns>
    public static Tensor Spikes(Tensor current, int steps, bool constant, NormBase norm, LifParameters lif)
    {
        var samples = checked((int)(constant ? current.shape[0] : current.shape[0] / steps));
        var features = checked((int)(current.numel() / current.shape[0]));
        var shape = new NormLifShape(steps, samples, features, checked((int)(features / current.shape[1])), constant);
        return Spikes(current, shape, norm, lif).view([steps, samples, .. current.shape[1..]]);
    }

    /// <param name="current">
    /// float32, laid out as <paramref name="shape"/> says. Where gradients are wanted its memory is taken over: the backward pass leaves
    /// the gradient there.
    /// </param>
    /// <param name="norm">Scale, shift and running statistics; these are used when it evaluates, and updated when it trains.</param>
    /// <returns>Spikes [steps, samples, features].</returns>
    internal static Tensor Spikes(Tensor current, NormLifShape shape, NormBase norm, LifParameters lif)
    {
        using var values = current.contiguous();
        var statistics = NormStatistics.Of(values, shape, norm);
        return is_grad_enabled() && (current.requires_grad || norm.weight.requires_grad)
            ? CustomFunction.Apply(FusedNormLif.apply, values, norm.weight, norm.bias, statistics, shape, lif)
            : FusedNormLif.Compute(values, statistics.Channels(norm.weight, norm.bias!), shape, lif);
    }
}

sealed unsafe class FusedNormLif : autograd.SingleTensorFunction<FusedNormLif>
{
    public override string Name => nameof(FusedNormLif);

    public static Tensor Compute(Tensor values, NormLifChannels channels, NormLifShape shape, LifParameters lif)
    {
        var spikes = empty(shape.Steps, shape.Samples, shape.Features);
        NormLifKernel.Forward(TensorMemory.Floats(values), channels, TensorMemory.Floats(spikes), shape, lif, VectorWidth.Widest);
        return spikes;
    }

    public override Tensor forward(autograd.AutogradContext context, params object[] vars)
    {
        var (values, statistics, shape, lif) = ((Tensor)vars[0], (NormStatistics)vars[3], (NormLifShape)vars[4], (LifParameters)vars[5]);
        var step = new NormLifStep(statistics.Channels((Tensor)vars[1], (Tensor)vars[2]), statistics, shape, lif);
        context.save_for_backward([values]);
        context.save_data("step", step);
        return Compute(values, step.Channels, shape, lif);
    }

    public override List<Tensor> backward(autograd.AutogradContext context, Tensor spikeGradient)
    {
        using var scope = NewDisposeScope();
        var values = context.get_saved_variables()[0];
        var (scale, shift) = ((NormLifStep)context.get_data("step")).Backward(values, spikeGradient.contiguous());
        var result = CustomFunction.Gradients(values, scale, shift, null, null, null);
        spikeGradient.Dispose();
        return result;
    }
}
