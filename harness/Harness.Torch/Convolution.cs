using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Torch;

/// <summary>
/// libtorch's convolution where it can be trusted. With libtorch 2.10 on some processors outputs are wrong where the input channels do not
/// fill vectors, and the gradient of the input where the output channels do not: they are computed with memory that nobody wrote. Channels
/// of zeros fill the vectors here, and 512-bit vectors, with which that is not enough, are not used unless the user sets
/// <c>ONEDNN_MAX_CPU_ISA</c> (docs/decisions/0022).
/// </summary>
public static class Convolution
{
    const long NarrowVector = 8;

    // Float32 values of the widest vector that libtorch may use.
    static readonly long Vector = Environment.GetEnvironmentVariable("ONEDNN_MAX_CPU_ISA") is null or "SSE41" or "AVX" or "AVX2" ? 8 : 16;

    /// <summary>Stride 1, padding that keeps the size of every axis.</summary>
    /// <param name="input">[samples, channels, rows, columns] or [samples, channels, planes, rows, columns].</param>
    /// <param name="weight">[outputs, channels, and an odd size for each axis of space].</param>
    /// <param name="bias">[outputs].</param>
    /// <returns>[samples, outputs, and the input's axes of space].</returns>
    public static Tensor SameSize(Tensor input, Tensor weight, Tensor? bias = null)
    {
        using var scope = NewDisposeScope();
        var (outputs, inputs, space) = (weight.shape[0], weight.shape[1], weight.shape[2..]);
        // Only the gradient of the input suffers from outputs.
        var moreOutputs = input.requires_grad && is_grad_enabled() ? Missing(outputs, Vector) : 0;
        var moreInputs = inputs > NarrowVector ? Missing(inputs, NarrowVector) : 0;
        var around = new long[2 * space.Length];
        if (moreOutputs > 0 || moreInputs > 0) weight = nn.functional.pad(weight, [.. around, 0, moreInputs, 0, moreOutputs]);
        if (moreInputs > 0) input = nn.functional.pad(input, [.. around, 0, moreInputs]);
        if (moreOutputs > 0 && bias is not null) bias = nn.functional.pad(bias, [0, moreOutputs]);
        long[] padding = [.. space.Select(size => size / 2)];
        var result = space.Length switch
        {
            2 => nn.functional.conv2d(input, weight, bias, padding: padding),
            3 => nn.functional.conv3d(input, weight, bias, padding: padding),
            _ => throw new ArgumentException($"A convolution has 2 or 3 axes of space, not {space.Length}.", nameof(weight)),
        };
        if (moreOutputs > 0) result = result.narrow(1, 0, outputs);
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Any stride, padding and groups on images; channels are filled up where there is one group, or one for each channel.
    /// </summary>
    /// <param name="input">[samples, channels, rows, columns].</param>
    /// <param name="weight">[outputs, channels / groups, rows, columns].</param>
    /// <param name="bias">[outputs].</param>
    public static Tensor Of(Tensor input, Tensor weight, Tensor? bias, long[] strides, long[] padding, long groups = 1)
    {
        using var scope = NewDisposeScope();
        var (outputs, inputs) = (weight.shape[0], input.shape[1]);
        var depthwise = groups > 1 && groups == inputs && groups == outputs;
        var moreInputs = depthwise ? Missing(inputs, Vector) : groups == 1 && inputs > NarrowVector ? Missing(inputs, NarrowVector) : 0;
        var moreOutputs = depthwise ? moreInputs : groups == 1 && input.requires_grad && is_grad_enabled() ? Missing(outputs, Vector) : 0;
        if (moreOutputs > 0 || moreInputs > 0)
            weight = nn.functional.pad(weight, [0, 0, 0, 0, 0, depthwise ? 0 : moreInputs, 0, moreOutputs]);
        if (moreInputs > 0) input = nn.functional.pad(input, [0, 0, 0, 0, 0, moreInputs]);
        if (moreOutputs > 0 && bias is not null) bias = nn.functional.pad(bias, [0, moreOutputs]);
        var result = nn.functional.conv2d(input, weight, bias, strides, padding, groups: depthwise ? groups + moreInputs : groups);
        if (moreOutputs > 0) result = result.narrow(1, 0, outputs);
        return result.MoveToOuterDisposeScope();
    }

    static long Missing(long channels, long vector) => (vector - channels % vector) % vector;
}
