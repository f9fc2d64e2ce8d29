using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Delays;

/// <summary>How a real-valued delay d acts on whole steps k = 0, 1, ..., most.</summary>
public enum DelayKernel
{
    /// <summary>max(0, 1 - |k - d|): the two nearest steps (DCLS, Khalfaoui-Hassani et al. 2023).</summary>
    Linear,
    /// <summary>exp(-((k - d) / width)^2 / 2), normalised to a sum of 1 (Hammouamri et al., ICLR 2024).</summary>
    Gaussian,
}

/// <summary>
/// Synapses with delays, without bias: y[t, o] = sum over i and k of w[o, i] g(k - d[o, i]) x[t - k, i], with x = 0 before the first step.
/// </summary>
public static class DelayedLinear
{
    /// <summary>Whole delays, in steps: <paramref name="delays"/> [outputs, inputs], int64, each 0 or more.</summary>
    /// <param name="input">[steps, samples, inputs].</param>
    /// <param name="weight">[outputs, inputs].</param>
    /// <returns>[steps, samples, outputs], differentiable in input and weight.</returns>
    public static Tensor Whole(Tensor input, Tensor weight, Tensor delays)
    {
        if (delays.min().item<long>() is var least and < 0) throw new HarnessException($"A delay must be 0 steps or more, not {least}.");
        using var scope = NewDisposeScope();
        var taps = nn.functional.one_hot(delays, delays.max().item<long>() + 1).to(weight.dtype);
        return Apply(input, weight.unsqueeze(2) * taps).MoveToOuterDisposeScope();
    }

    /// <summary>Delays that can be learned: <paramref name="delays"/> [outputs, inputs], real, acting as clamped to [0, most].</summary>
    /// <param name="most">The longest delay in steps.</param>
    /// <param name="width">Of the Gaussian, in steps; training narrows it until the delays are whole.</param>
    /// <returns>[steps, samples, outputs], differentiable in input, weight and delays.</returns>
    public static Tensor Spaced(Tensor input, Tensor weight, Tensor delays, int most, DelayKernel kernel, double width = 0.5)
    {
        if (most < 0) throw new HarnessException($"The longest delay must be 0 steps or more, not {most}.");
        if (kernel == DelayKernel.Gaussian && !(width > 0)) throw new HarnessException($"A Gaussian's width must be above 0, not {width}.");
        using var scope = NewDisposeScope();
        return Apply(input, weight.unsqueeze(2) * Taps(delays, most, kernel, width)).MoveToOuterDisposeScope();
    }

    static Tensor Taps(Tensor delays, int most, DelayKernel kernel, double width)
    {
        var distance = arange(most + 1, delays.dtype) - delays.clamp(0, most).unsqueeze(2);
        if (kernel == DelayKernel.Linear) return (1 - distance.abs()).clamp(min: 0);
        // From the nearest step's height on, so that a narrow Gaussian does not divide zero by zero.
        return (distance / width).square().mul(-0.5).softmax(2);
    }

    // A convolution over time as one product, the input of each delay beside that of the others: convolutions of libtorch are not to be
    // trusted with every number of channels (docs/decisions/0022).
    static Tensor Apply(Tensor input, Tensor taps)
    {
        var (steps, longest) = (input.shape[0], taps.shape[2] - 1);
        var line = nn.functional.pad(input, [0, 0, 0, 0, longest, 0]);
        var delayed = Enumerable.Range(0, (int)longest + 1).Select(delay => line.narrow(0, longest - delay, steps)).ToArray();
        return nn.functional.linear(cat(delayed, 2), taps.transpose(1, 2).flatten(1));
    }
}
