using static TorchSharp.torch;

namespace Harness.Spiking.Counting;

/// <summary>What layers with weights connect, read from the layer and one of its inputs.</summary>
public static class Shapes
{
    /// <param name="leading">How many axes of <paramref name="input"/> are steps and samples; those between them and the last are
    /// tokens.</param>
    public static LayerShape Linear(Tensor input, TorchSharp.Modules.Linear linear, int leading)
    {
        var tokens = 1L;
        for (var axis = leading; axis < input.dim() - 1; axis++) tokens *= input.shape[axis];
        return new((int)linear.weight.shape[1], (int)tokens, (int)linear.weight.shape[0], (int)tokens,
            Bias: linear.bias is not null);
    }

    /// <summary>A convolution in space, of stride 1 and the same size, of [steps·views, channels, planes, rows, columns].</summary>
    /// <param name="steps">Steps that the first axis holds; what is left of it are views of one sample.</param>
    public static LayerShape Convolution(Tensor input, TorchSharp.Modules.Conv3d convolution, int steps) => new((int)input.shape[1],
        Places(input, steps), (int)convolution.weight.shape[0], Places(input, steps), (int)convolution.weight.shape[2..].Product(),
        Bias: convolution.bias is not null);

    /// <summary>A transposed convolution in space whose kernel and stride are 2: each output sees one place of the input.</summary>
    /// <inheritdoc cref="Convolution(Tensor, TorchSharp.Modules.Conv3d, int)"/>
    public static LayerShape Doubling(Tensor input, TorchSharp.Modules.ConvTranspose3d convolution, int steps) => new((int)input.shape[1],
        Places(input, steps), (int)convolution.weight!.shape[1], 8 * Places(input, steps), Bias: convolution.bias is not null);

    static int Places(Tensor input, int steps) => (int)(input.numel() / input.shape[1] / steps);

    static long Product(this long[] lengths) => lengths.Aggregate(1L, (product, length) => product * length);

    /// <summary>A convolution of [samples, channels, rows, columns] whose padding keeps the size at stride 1.</summary>
    public static LayerShape Convolution(Tensor input, TorchSharp.Modules.Conv2d convolution, int stride = 1)
    {
        var weight = convolution.weight.shape;
        var (rows, columns) = (input.shape[2], input.shape[3]);
        var outputs = (rows + stride - 1) / stride * ((columns + stride - 1) / stride);
        return new((int)input.shape[1], (int)(rows * columns), (int)weight[0], (int)outputs, (int)(weight[2] * weight[3]), stride,
            (int)(input.shape[1] / weight[1]), Bias: convolution.bias is not null);
    }
}
