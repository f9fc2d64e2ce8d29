using Harness.Spiking.Kernels;
using Harness.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Harness.Spiking.Layers;

/// <summary>Mean and 1 / sqrt(variance + epsilon) of every channel of a batch norm.</summary>
/// <param name="ofBatch">Whether the values themselves gave them, so that they are part of the gradient.</param>
sealed unsafe class NormStatistics(double[] means, double[] deviations, bool ofBatch)
{
    public double[] Deviations => deviations;

    /// <summary>Those of the values while <paramref name="norm"/> trains, else those that it has learned.</summary>
    public static NormStatistics Of(Tensor values, NormLifShape shape, NormBase norm) =>
        norm.training ? OfBatch(values, shape, norm) : Running(norm);

    static NormStatistics Running(NormBase norm)
    {
        var variances = norm.running_var!.data<float>();
        return new([.. norm.running_mean!.data<float>().Select(mean => (double)mean)],
            [.. variances.Select(variance => 1 / Math.Sqrt(variance + norm.eps))], ofBatch: false);
    }

    // The running ones move towards them, the variance as that of a sample (n - 1).
    static NormStatistics OfBatch(Tensor values, NormLifShape shape, NormBase norm)
    {
        if (shape.PerChannel < 2)
            throw new HarnessException($"A batch norm needs more than one value per channel to train, not {shape.PerChannel}; "
                + "use batches of two samples or more.");
        var (means, variances) = NormLifKernel.Moments(TensorMemory.Floats(values), shape, VectorWidth.Widest);
        using var _ = no_grad();
        norm.num_batches_tracked!.add_(1);
        Move(norm.running_mean!, means, 1, norm.momentum!.Value);
        Move(norm.running_var!, variances, shape.PerChannel / (shape.PerChannel - 1), norm.momentum!.Value);
        return new(means, [.. variances.Select(variance => 1 / Math.Sqrt(variance + norm.eps))], ofBatch: true);
    }

    static void Move(Tensor running, double[] values, double factor, double momentum)
    {
        var target = TensorMemory.Floats(running);
        for (var channel = 0; channel < values.Length; channel++)
            target[channel] = (float)((1 - momentum) * target[channel] + momentum * factor * values[channel]);
    }

    /// <summary>The norm as scale and shift.</summary>
    public NormLifChannels Channels(Tensor weight, Tensor bias)
    {
        float* gamma = TensorMemory.Floats(weight), beta = TensorMemory.Floats(bias);
        var result = NormLifChannels.Of(means.Length);
        for (var channel = 0; channel < means.Length; channel++)
        {
            var scale = gamma[channel] * deviations[channel];
            result.Scale[channel] = (float)scale;
            result.Shift[channel] = (float)(beta[channel] - means[channel] * scale);
            result.Mean[channel] = (float)means[channel];
        }
        return result;
    }

    /// <summary>
    /// With what the gradient owes to mean and variance: dL/dy = scale (dL/dX - mean of dL/dX - (y - mean) mean of dL/dX (y - mean) /
    /// (variance + epsilon)).
    /// </summary>
    public NormLifChannels Centred(NormLifChannels channels, double[] sum, double[] product, NormLifShape shape)
    {
        if (!ofBatch) return channels;
        var result = channels with { Offset = new float[means.Length], Tilt = new float[means.Length] };
        for (var channel = 0; channel < means.Length; channel++)
        {
            result.Offset[channel] = (float)(sum[channel] / shape.PerChannel);
            result.Tilt[channel] = (float)(product[channel] * deviations[channel] * deviations[channel] / shape.PerChannel);
        }
        return result;
    }
}
