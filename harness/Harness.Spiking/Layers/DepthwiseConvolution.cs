using Harness.Spiking.Kernels;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Layers;

/// <summary>
/// Depthwise convolution of stride 1 whose padding keeps the size of the maps, float32: [samples, channels, rows, columns] to the same. By
/// libtorch, but for the gradient of the weights.
/// </summary>
public static class DepthwiseConvolution
{
    /// <param name="weight">[channels, 1, k, k], k odd.</param>
    public static Tensor Of(Tensor input, Tensor weight)
    {
        var side = weight.shape[2];
        if (weight.dim() != 4 || weight.shape[0] != input.shape[1] || weight.shape[1] != 1 || side % 2 == 0 || weight.shape[3] != side)
            throw new ArgumentException($"Weights of {input.shape[1]} maps are [{input.shape[1]}, 1, k, k] with an odd k, not "
                + $"[{string.Join(", ", weight.shape)}].", nameof(weight));
        return is_grad_enabled() && weight.requires_grad
            ? CustomFunction.Apply(FusedDepthwiseConvolution.apply, input, weight)
            : FusedDepthwiseConvolution.Compute(input, weight);
    }
}

sealed unsafe class FusedDepthwiseConvolution : autograd.SingleTensorFunction<FusedDepthwiseConvolution>
{
    public override string Name => nameof(FusedDepthwiseConvolution);

    public static Tensor Compute(Tensor input, Tensor weight)
    {
        var pad = weight.shape[2] / 2;
        return Convolution.Of(input, weight, null, [1, 1], [pad, pad], weight.shape[0]);
    }

    public override Tensor forward(autograd.AutogradContext context, params object[] vars)
    {
        var (input, weight) = (((Tensor)vars[0]).contiguous(), (Tensor)vars[1]);
        context.save_for_backward([input, weight]);
        context.save_data("learns", ((Tensor)vars[0]).requires_grad);
        return Compute(input, weight);
    }

    public override List<Tensor> backward(autograd.AutogradContext context, Tensor outputGradient)
    {
        using var scope = NewDisposeScope();
        var saved = context.get_saved_variables();
        var (input, weight, incoming) = (saved[0], saved[1], outputGradient.contiguous());
        var shape = new DepthwiseShape((int)input.shape[0], (int)input.shape[1], (int)input.shape[2], (int)input.shape[3],
            (int)weight.shape[2]);
        var gradient = empty(weight.shape, float32);
        DepthwiseKernel.WeightGradient(TensorMemory.Floats(input), TensorMemory.Floats(incoming), TensorMemory.Floats(gradient), shape,
            VectorWidth.Widest);
        // y at a place reads x around it by w; x at a place is read by y around it by w turned.
        var inputGradient = (bool)context.get_data("learns") ? Compute(incoming, weight.flip(2, 3)) : null;
        foreach (var tensor in saved) tensor.Dispose();
        outputGradient.Dispose();
        return CustomFunction.Gradients(inputGradient, gradient);
    }
}
