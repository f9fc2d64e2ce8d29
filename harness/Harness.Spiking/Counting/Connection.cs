using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Counting;

/// <summary>The weights of a layer, and how they meet an input; a bias is no synapse.</summary>
public sealed class Connection
{
    readonly Func<Tensor, Tensor, Tensor> apply;

    Connection(Tensor weight, Func<Tensor, Tensor, Tensor> apply) => (Weight, this.apply) = (weight, apply);

    public Tensor Weight { get; }

    /// <summary>[..., inputs] to [..., outputs].</summary>
    public static Connection Linear(TorchSharp.Modules.Linear linear) => Linear(linear.weight!);

    /// <inheritdoc cref="Linear(TorchSharp.Modules.Linear)"/>
    /// <param name="weight">[outputs, inputs].</param>
    public static Connection Linear(Tensor weight) => new(weight, (x, w) => nn.functional.linear(x, w));

    /// <summary>[samples, channels, rows, columns]; zeros around the input are no inputs.</summary>
    public static Connection Convolution(TorchSharp.Modules.Conv2d convolution) => new(convolution.weight!, (x, w) =>
        nn.functional.conv2d(x, w, strides: convolution.stride, padding: convolution.padding,
            dilation: convolution.dilation, groups: convolution.groups));

    /// <inheritdoc cref="Convolution(TorchSharp.Modules.Conv2d)"/>
    /// <param name="weight">[outputs, channels / groups, rows, columns].</param>
    public static Connection Convolution(Tensor weight, long[] strides, long[] padding, long groups) => new(weight, (x, w) =>
        nn.functional.conv2d(x, w, strides: strides, padding: padding, groups: groups));

    /// <summary>How often an element of <paramref name="input"/> that is not 0 meets a weight that is not 0.</summary>
    public double Effective(Tensor input)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        return apply(Ones(input), Ones(Weight)).sum(float64).item<double>();
    }

    /// <summary>How often any element of <paramref name="input"/> meets any weight.</summary>
    public double Dense(Tensor input)
    {
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        return apply(ones_like(input, dtype: float64), ones_like(Weight, dtype: float64)).sum().item<double>();
    }

    // float64: sums of ones stay whole numbers.
    static Tensor Ones(Tensor values) => values.ne(0).to(float64);
}
