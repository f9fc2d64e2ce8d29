using Harness.Spiking.Kernels;
using Harness.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Harness.Spiking.Layers;

/// <summary>
/// Batch norm of a membrane, where no neurons follow: what libtorch's computes, up to rounding, by the passes of <see cref="NormLif"/>.
/// It keeps nothing for the backward pass but its input.
/// </summary>
public static class MembraneNorm
{
    /// <param name="values">
    /// float32 [rows, channels, ...]. Where gradients are wanted its memory is taken over: the backward pass leaves the gradient there.
    /// </param>
    /// <param name="norm">Scale, shift and running statistics; these are used when it evaluates, and updated when it trains.</param>
    /// <returns>Of the same shape.</returns>
    public static Tensor Of(Tensor values, NormBase norm)
    {
        using var contiguous = values.contiguous();
        var rows = checked((int)values.shape[0]);
        var features = checked((int)(values.numel() / Math.Max(1, rows)));
        var shape = new NormLifShape(1, rows, features, checked((int)(features / values.shape[1])), Constant: false);
        var statistics = NormStatistics.Of(contiguous, shape, norm);
        return is_grad_enabled() && (values.requires_grad || norm.weight.requires_grad)
            ? CustomFunction.Apply(FusedMembraneNorm.apply, contiguous, norm.weight, norm.bias, statistics, shape)
            : FusedMembraneNorm.Compute(contiguous, statistics.Channels(norm.weight, norm.bias!), shape);
    }
}

sealed unsafe class FusedMembraneNorm : autograd.SingleTensorFunction<FusedMembraneNorm>
{
    public override string Name => nameof(FusedMembraneNorm);

    public static Tensor Compute(Tensor values, NormLifChannels channels, NormLifShape shape)
    {
        var normed = empty_like(values);
        NormKernel.Forward(TensorMemory.Floats(values), channels, TensorMemory.Floats(normed), shape, VectorWidth.Widest);
        return normed;
    }

    public override Tensor forward(autograd.AutogradContext context, params object[] vars)
    {
        var (values, statistics, shape) = ((Tensor)vars[0], (NormStatistics)vars[3], (NormLifShape)vars[4]);
        var step = new NormStep(statistics.Channels((Tensor)vars[1], (Tensor)vars[2]), statistics, shape);
        context.save_for_backward([values]);
        context.save_data("step", step);
        return Compute(values, step.Channels, shape);
    }

    public override List<Tensor> backward(autograd.AutogradContext context, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var values = context.get_saved_variables()[0];
        var (scale, shift) = ((NormStep)context.get_data("step")).Backward(values, gradient.contiguous());
        var result = CustomFunction.Gradients(values, scale, shift, null, null);
        gradient.Dispose();
        return result;
    }
}
