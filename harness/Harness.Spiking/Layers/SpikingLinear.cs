using Harness.Spiking.Kernels;
using Harness.Spiking.Neurons;
using Harness.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Harness.Spiking.Layers;

/// <summary>
/// Linear layer on spikes, alone or with batch norm and LIF as one function. Only the events of the input are kept for the backward pass,
/// which multiplies them once more where it needs what they gave: that is cheaper than to hold it.
/// </summary>
public static class SpikingLinear
{
    /// <param name="input">[steps x rows, inputs] spikes or counts of spikes.</param>
    /// <param name="linear">[inputs] to [outputs], with or without a bias.</param>
    /// <returns>Spikes [steps, rows, outputs], and which kernel multiplied.</returns>
    public static (Tensor Spikes, string Kernel) Of(Tensor input, int steps, Linear linear, NormBase norm, LifParameters lif)
    {
        using var values = input.contiguous();
        var shape = new NormLifShape(steps, checked((int)(values.shape[0] / steps)), (int)linear.weight.shape[0], 1, Constant: false);
        var path = SpikeProduct.Choose(values, linear.weight);
        if (is_grad_enabled() && (input.requires_grad || linear.weight.requires_grad))
            return (CustomFunction.Apply(FusedSpikingLinear.apply, values, linear.weight, linear.bias, norm.weight, norm.bias, norm, path,
                shape, lif), path.ToString());
        using var current = SpikeProduct.Of(values, linear.weight, linear.bias, path);
        return (FusedNormLif.Compute(current, NormStatistics.Of(current, shape, norm).Channels(norm.weight, norm.bias!), shape, lif),
            path.ToString());
    }

    /// <param name="input">[rows, inputs] spikes or counts of spikes.</param>
    /// <returns>Currents [rows, outputs], and which kernel multiplied.</returns>
    public static (Tensor Currents, string Kernel) Currents(Tensor input, Linear linear)
    {
        using var values = input.contiguous();
        var path = SpikeProduct.Choose(values, linear.weight);
        return (is_grad_enabled() && (input.requires_grad || linear.weight.requires_grad)
            ? CustomFunction.Apply(FusedSpikeProduct.apply, values, linear.weight, linear.bias, path)
            : SpikeProduct.Of(values, linear.weight, linear.bias, path), path.ToString());
    }
}

sealed class FusedSpikeProduct : autograd.SingleTensorFunction<FusedSpikeProduct>
{
    public override string Name => nameof(FusedSpikeProduct);

    public override Tensor forward(autograd.AutogradContext context, params object[] vars)
    {
        var (input, weight, bias, path) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor?)vars[2], (ProductPath)vars[3]);
        var events = SpikeEvents.Of(input);
        context.save_for_backward(events.Values is { } counts ? [weight, events.Packed, counts] : [weight, events.Packed]);
        context.save_data("biased", bias is not null);
        context.save_data("columns", events.Columns);
        context.save_data("learns", input.requires_grad);
        context.save_data("path", path);
        return SpikeProduct.Of(events, weight, bias, path);
    }

    public override List<Tensor> backward(autograd.AutogradContext context, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var saved = context.get_saved_variables();
        var (weight, path) = (saved[0], (ProductPath)context.get_data("path"));
        var events = new SpikeEvents(saved[1], (int)context.get_data("columns"), saved.Count > 2 ? saved[2] : null);
        var values = gradient.contiguous();
        var result = CustomFunction.Gradients((bool)context.get_data("learns") ? SpikeProduct.InputGradient(values, weight) : null,
            SpikeProduct.WeightGradient(values, events, path), (bool)context.get_data("biased") ? values.sum([0L]) : null, null);
        gradient.Dispose();
        return result;
    }
}

sealed class FusedSpikingLinear : autograd.SingleTensorFunction<FusedSpikingLinear>
{
    public override string Name => nameof(FusedSpikingLinear);

    public override Tensor forward(autograd.AutogradContext context, params object[] vars)
    {
        var (input, weight, bias) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor?)vars[2]);
        var (path, shape, lif) = ((ProductPath)vars[6], (NormLifShape)vars[7], (LifParameters)vars[8]);
        var events = SpikeEvents.Of(input);
        using var current = SpikeProduct.Of(events, weight, bias, path);
        var statistics = NormStatistics.Of(current, shape, (NormBase)vars[5]);
        var step = new NormLifStep(statistics.Channels((Tensor)vars[3], (Tensor)vars[4]), statistics, shape, lif);
        // What is optional comes last, and is told apart by the flags.
        List<Tensor> saved = [weight, events.Packed];
        if (events.Values is { } counts) saved.Add(counts);
        if (bias is not null) saved.Add(bias);
        context.save_for_backward(saved);
        context.save_data("counts", events.Values is not null);
        context.save_data("biased", bias is not null);
        context.save_data("columns", events.Columns);
        context.save_data("learns", input.requires_grad);
        context.save_data("path", path);
        context.save_data("step", step);
        return FusedNormLif.Compute(current, step.Channels, shape, lif);
    }

    public override List<Tensor> backward(autograd.AutogradContext context, Tensor spikeGradient)
    {
        using var scope = NewDisposeScope();
        var saved = context.get_saved_variables();
        var (weight, path) = (saved[0], (ProductPath)context.get_data("path"));
        var events = new SpikeEvents(saved[1], (int)context.get_data("columns"), (bool)context.get_data("counts") ? saved[2] : null);
        var bias = (bool)context.get_data("biased") ? saved[^1] : null;
        var current = SpikeProduct.Of(events, weight, bias, path);
        var (scale, shift) = ((NormLifStep)context.get_data("step")).Backward(current, spikeGradient.contiguous());
        spikeGradient.Dispose();
        // What is called current is its gradient by now.
        var biasGradient = bias is null ? null : current.sum([0L]);
        return CustomFunction.Gradients((bool)context.get_data("learns") ? SpikeProduct.InputGradient(current, weight) : null,
            SpikeProduct.WeightGradient(current, events, path), biasGradient, scale, shift, null, null, null, null);
    }
}
