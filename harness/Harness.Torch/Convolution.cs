using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Torch;

/// <summary>
/// libtorch's convolution where it can be trusted. With libtorch 2.10 on processors with 512-bit vectors the gradient of the input is wrong
/// where the output channels are no multiple of 16: it is computed with memory that nobody wrote. With 256-bit vectors some outputs are,
/// where input channels are no multiple of 8. Channels of zeros fill the vectors here (docs/decisions/0020).
/// </summary>
public static class Convolution
{
    const long Vector = 16, NarrowVector = 8;

    /// <summary>Stride 1, no bias, padding that keeps rows and columns.</summary>
    /// <param name="input">[samples, channels, rows, columns].</param>
    /// <param name="weight">[outputs, channels, odd size, the same size].</param>
    /// <returns>[samples, outputs, rows, columns].</returns>
    public static Tensor SameSize(Tensor input, Tensor weight)
    {
        using var scope = NewDisposeScope();
        var (outputs, inputs) = (weight.shape[0], weight.shape[1]);
        // Only the gradient of the input suffers from outputs.
        var moreOutputs = input.requires_grad && is_grad_enabled() ? Missing(outputs, Vector) : 0;
        var moreInputs = inputs > NarrowVector ? Missing(inputs, NarrowVector) : 0;
        if (moreOutputs > 0 || moreInputs > 0) weight = nn.functional.pad(weight, [0, 0, 0, 0, 0, moreInputs, 0, moreOutputs]);
        if (moreInputs > 0) input = nn.functional.pad(input, [0, 0, 0, 0, 0, moreInputs]);
        var result = nn.functional.conv2d(input, weight, padding: [weight.shape[2] / 2, weight.shape[3] / 2]);
        if (moreOutputs > 0) result = result.narrow(1, 0, outputs);
        return result.MoveToOuterDisposeScope();
    }

    static long Missing(long channels, long vector) => (vector - channels % vector) % vector;
}
