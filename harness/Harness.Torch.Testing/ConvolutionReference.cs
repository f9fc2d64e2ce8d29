using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Torch.Testing;

/// <summary>A convolution in float32 beside one in float64: its output, and the gradients of a sum of squares of that.</summary>
public static class ConvolutionReference
{
    /// <param name="input">float64, as <paramref name="weight"/>.</param>
    /// <returns>
    /// Of the output, the input's gradient and the weights' gradient: the largest difference, as a share of the largest value expected.
    /// </returns>
    /// <exception cref="ArgumentException">A result has another shape than the expected one.</exception>
    public static IReadOnlyList<double> Differences(Tensor input, Tensor weight, Func<Tensor, Tensor, Tensor> reference,
        Func<Tensor, Tensor, Tensor> convolve)
    {
        using var scope = NewDisposeScope();
        return [.. Results(input, weight, reference).Zip(Results(input.to(float32), weight.to(float32), convolve), Difference)];
    }

    static double Difference(Tensor expected, Tensor actual)
    {
        if (!expected.shape.SequenceEqual(actual.shape))
            throw new ArgumentException($"[{string.Join(", ", actual.shape)}] was computed where [{string.Join(", ", expected.shape)}] "
                + "is expected.", nameof(actual));
        var (difference, largest) = ((expected - actual).abs().max().item<double>(), expected.abs().max().item<double>());
        return difference == 0 ? 0 : difference / largest;
    }

    static Tensor[] Results(Tensor input, Tensor weight, Func<Tensor, Tensor, Tensor> convolve)
    {
        var (x, w) = (input.clone().requires_grad_(true), weight.clone().requires_grad_(true));
        var output = convolve(x, w);
        (output * output).sum().backward();
        return [output.detach(), x.grad!, w.grad!];
    }
}
