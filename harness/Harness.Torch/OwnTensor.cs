using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Torch;

/// <summary>
/// Numbers in libtorch's own memory. <c>torch.tensor</c> of an array stays where the array is, at any address, and products of matrices
/// differ by the alignment of their inputs in the last bit, so that two runs of one seed would not agree.
/// </summary>
public static class OwnTensor
{
    public static Tensor Of(float[] values, params long[] shape)
    {
        using var managed = tensor(values, shape);
        return managed.clone();
    }

    /// <inheritdoc cref="Of(float[], long[])"/>
    public static Tensor Of(double[] values, params long[] shape)
    {
        using var managed = tensor(values, shape);
        return managed.clone();
    }
}
