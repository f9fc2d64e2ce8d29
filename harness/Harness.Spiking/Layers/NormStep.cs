using Harness.Spiking.Kernels;
using Harness.Spiking.Neurons;
using Harness.Torch;
using static TorchSharp.torch;

namespace Harness.Spiking.Layers;

/// <summary>What a norm computed with, and how to go back.</summary>
unsafe class NormStep(NormLifChannels channels, NormStatistics statistics, NormLifShape shape)
{
    bool spent;

    public NormLifChannels Channels => channels;
    protected NormLifShape Shape => shape;

    /// <summary>Replaces the values that went in by their gradient.</summary>
    /// <param name="gradient">Of what came out, contiguous.</param>
    /// <returns>Gradients of the norm's scale and shift.</returns>
    /// <exception cref="InvalidOperationException">The second call: the values are no longer what went in.</exception>
    public (Tensor Scale, Tensor Shift) Backward(Tensor values, Tensor gradient)
    {
        if (spent) throw new InvalidOperationException("A fused norm is differentiated once per forward call: its gradient takes the "
            + "place of its input. Call forward again instead of keeping the graph.");
        spent = true;
        using var normed = NormedGradient(values, gradient, out var sum, out var product);
        NormLifGradient.Centre(TensorMemory.Floats(values), TensorMemory.Floats(normed), statistics.Centred(channels, sum, product, shape),
            shape, VectorWidth.Widest);
        return (tensor([.. product.Select((value, channel) => (float)(value * statistics.Deviations[channel]))]),
            tensor([.. sum.Select(value => (float)value)]));
    }

    /// <summary>dL/dX of the normed values X, and its sums over a channel, alone and times what a value is above the mean.</summary>
    protected virtual Tensor NormedGradient(Tensor values, Tensor gradient, out double[] sum, out double[] product)
    {
        (sum, product) = NormKernel.Sums(TensorMemory.Floats(values), TensorMemory.Floats(gradient), channels, shape, VectorWidth.Widest);
        return gradient.alias();
    }
}

/// <summary>What a norm and its neurons computed with, and how to go back.</summary>
sealed unsafe class NormLifStep(NormLifChannels channels, NormStatistics statistics, NormLifShape shape, LifParameters lif)
    : NormStep(channels, statistics, shape)
{
    protected override Tensor NormedGradient(Tensor values, Tensor gradient, out double[] sum, out double[] product)
    {
        var result = empty_like(values);
        (sum, product) = NormLifGradient.Gradients(TensorMemory.Floats(values), TensorMemory.Floats(gradient),
            TensorMemory.Floats(result), Channels, Shape, lif, VectorWidth.Widest);
        return result;
    }
}
