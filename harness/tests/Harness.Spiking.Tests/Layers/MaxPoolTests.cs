using Harness.Spiking.Layers;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Tests.Layers;

public sealed class MaxPoolTests
{
    /// <summary>Also where spikes make ties: libtorch sends the gradient of equal values to their first place.</summary>
    [Theory]
    [InlineData(28, 28, 1)]
    [InlineData(14, 14, 2)]
    [InlineData(7, 9, 1)]
    [InlineData(33, 17, 2)]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(1, 40, 1)]
    public void It_equals_the_pooling_of_libtorch(int rows, int columns, int threads)
    {
        TorchSession.Begin(5, threads);
        using var scope = NewDisposeScope();
        long[] shape = [3, 41, rows, columns];
        foreach (var values in new[] { (rand(shape) < 0.2).to(float32), randn(shape), randint(0, 3, shape, float32) })
        {
            var weights = randn(3, 41, (rows - 1) / 2 + 1, (columns - 1) / 2 + 1);
            var (ours, ourGradient) = Gradient(values, weights, MaxPool.Of);
            var (theirs, theirGradient) = Gradient(values, weights, input => nn.functional.max_pool2d(input, 3, 2, 1));
            Assert.True(ours.equal(theirs).all().item<bool>());
            Assert.InRange((ourGradient - theirGradient).abs().max().item<float>(), 0, 1e-6f);
        }
    }

    [Fact]
    public void A_strided_input_is_read_in_its_own_order()
    {
        TorchSession.Begin(5, 1);
        using var scope = NewDisposeScope();
        var values = randn(2, 9, 3, 11);
        var weights = randn(2, 3, 5, 6);
        var (strided, gradient) = Gradient(values, weights, input => MaxPool.Of(input.transpose(1, 2)));
        var (plain, plainGradient) = Gradient(values, weights, input => MaxPool.Of(input.transpose(1, 2).contiguous()));
        Assert.True(strided.equal(plain).all().item<bool>());
        Assert.True(gradient.equal(plainGradient).all().item<bool>());
    }

    static (Tensor Value, Tensor Gradient) Gradient(Tensor values, Tensor weights, Func<Tensor, Tensor> function)
    {
        var input = values.detach().clone().requires_grad_(true);
        var output = function(input);
        (output * weights).sum().backward();
        return (output.detach(), input.grad!);
    }
}
