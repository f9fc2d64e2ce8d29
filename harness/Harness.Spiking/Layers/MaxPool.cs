using Harness.Spiking.Kernels;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Layers;

/// <summary>
/// 3x3 max pooling of stride 2 and padding 1, float32: [..., rows, columns] to [..., (rows - 1) / 2 + 1, (columns - 1) / 2 + 1].
/// </summary>
public static class MaxPool
{
    public static Tensor Of(Tensor input) =>
        input.requires_grad && is_grad_enabled() ? CustomFunction.Apply(FusedMaxPool.apply, input) : FusedMaxPool.Compute(input);
}

sealed unsafe class FusedMaxPool : autograd.SingleTensorFunction<FusedMaxPool>
{
    public override string Name => nameof(FusedMaxPool);

    public static Tensor Compute(Tensor input)
    {
        using var values = input.contiguous();
        var (planes, rows, columns) = Sizes(values);
        var output = empty([.. input.shape[..^2], PoolKernel.Pooled(rows), PoolKernel.Pooled(columns)], float32);
        PoolKernel.Forward(TensorMemory.Floats(values), TensorMemory.Floats(output), planes, rows, columns);
        return output;
    }

    public override Tensor forward(autograd.AutogradContext context, params object[] vars)
    {
        var input = ((Tensor)vars[0]).contiguous();
        var (planes, rows, columns) = Sizes(input);
        // Of spikes, which this pools, one bit per value finds the maxima again.
        var events = SpikeEvents.Of(input.view(planes, rows * columns));
        context.save_for_backward([events.Values is null ? events.Packed : input]);
        context.save_data("shape", input.shape);
        return Compute(input);
    }

    public override List<Tensor> backward(autograd.AutogradContext context, Tensor outputGradient)
    {
        using var scope = NewDisposeScope();
        var saved = context.get_saved_variables()[0];
        var incoming = outputGradient.contiguous();
        var gradient = empty((long[])context.get_data("shape"));
        var (planes, rows, columns) = Sizes(gradient);
        float* output = TensorMemory.Floats(incoming), input = TensorMemory.Floats(gradient);
        if (saved.dtype == int64) PoolKernel.Backward(SpikeEvents.Words(saved), output, input, planes, rows, columns);
        else PoolKernel.Backward(TensorMemory.Floats(saved), output, input, planes, rows, columns);
        var result = CustomFunction.Gradients(gradient);
        outputGradient.Dispose();
        return result;
    }

    static (int Planes, int Rows, int Columns) Sizes(Tensor input) =>
        (checked((int)(input.numel() / (input.shape[^1] * input.shape[^2]))), (int)input.shape[^2], (int)input.shape[^1]);
}
