using Harness.Spiking.Kernels;
using Harness.Spiking.Layers;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Tests.Layers;

/// <summary>Both kernels, whichever a layer would choose, on whole numbers, whose products are exact in any order.</summary>
public sealed class SpikeProductTests
{
    public SpikeProductTests() => TorchSession.Begin(4, 1);

    [Theory]
    [InlineData(ProductPath.Event, 1)]
    [InlineData(ProductPath.Event, 3)]
    [InlineData(ProductPath.Dense, 1)]
    [InlineData(ProductPath.Dense, 3)]
    public void Products_and_gradients_are_those_of_libtorch(ProductPath path, int most)
    {
        using var scope = NewDisposeScope();
        var input = (rand(72, 70).lt(0.3) * randint(1, most + 1, [72, 70])).to(float32);
        var (weight, bias, gradient) = (Whole(90, 70), Whole(90), Whole(72, 90));
        using var events = SpikeEvents.Of(input);
        Same(input.matmul(weight.t()) + bias, SpikeProduct.Of(input, weight, bias, path));
        Same(input.matmul(weight.t()) + bias, SpikeProduct.Of(events, weight, bias, path));
        Same(gradient.t().matmul(input), SpikeProduct.WeightGradient(gradient, events, path));
        Same(gradient.matmul(weight), SpikeProduct.InputGradient(gradient, weight));
    }

    static Tensor Whole(params long[] shape) => randint(-8, 9, shape).to(float32);

    static void Same(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.Equal(expected.data<float>().ToArray(), actual.data<float>().ToArray());
    }
}
