using Harness.Torch;
using Suites.Clustering.Neural.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Tests.Networks;

public sealed class LayerTests
{
    public LayerTests() => TorchSession.Begin(seed: 1, threads: 1);

    // A transposed convolution of stride 2 is a convolution, with the kernel turned round, of the image with zeros between its pixels.
    [Theory]
    [InlineData(16, 32, 7)]
    [InlineData(32, 16, 14)]
    public void A_widening_is_the_convolution_of_the_image_with_zeros_between(int inputs, int outputs, int side)
    {
        using var scope = NewDisposeScope();
        using var layer = new ImageWidening("widening", inputs, outputs, side);
        layer.eval();
        var state = layer.state_dict();
        var (weight, bias) = (state["_convolution.weight"], state["_convolution.bias"]);
        var input = rand(3, inputs, side, side, requires_grad: true);
        var spaced = zeros(3, inputs, 2 * side, 2 * side);
        spaced[.., .., TensorIndex.Slice(step: 2), TensorIndex.Slice(step: 2)] = input.detach();
        var other = spaced.requires_grad_();
        var expected = nn.functional.conv2d(other.to(float64), weight.flip(2, 3).transpose(0, 1).to(float64), bias.to(float64),
            padding: [1, 1]).to(float32);
        // The norm of a layer that saw nothing divides by the square root of 1 + 1e-5.
        expected = (expected / MathF.Sqrt(1 + 1e-5f)).relu();
        var actual = layer.forward(input);
        Assert.True(allclose(actual, expected, 1e-4, 1e-5));
        actual.sum().backward();
        expected.sum().backward();
        Assert.True(allclose(input.grad!, other.grad![.., .., TensorIndex.Slice(step: 2), TensorIndex.Slice(step: 2)], 1e-4, 1e-4));
    }

    [Fact]
    public void The_published_networks_have_their_sizes_and_count_what_they_multiply()
    {
        using var convolution = new Autoencoder(AutoencoderForm.Convolution, 784, 10);
        using var perceptron = new Autoencoder(AutoencoderForm.Perceptron, 784, 10);
        // Sums over the layers of the published code, by hand.
        Assert.Equal(18_864 + 200_960 + 2570 + 18_817 + 2816 + 201_488, ModuleSize.Parameters(convolution));
        Assert.Equal(1_665_010 + 1_665_784, ModuleSize.Parameters(perceptron));
        Assert.Equal(784 * 500 + 500 * 500 + 500 * 2000 + 2000 * 10, perceptron.Operations.Sum(layer => layer.Macs));
        Assert.Equal(784 * 9 * 16 + 196 * 9 * 16 * 32 + 196 * 9 * 32 * 32 + 49 * 9 * 32 * 16 + 784 * 256 + 256 * 10,
            convolution.Operations.Sum(layer => layer.Macs));
    }

    [Fact]
    public void Images_that_are_not_square_are_refused_with_what_fits() =>
        Assert.Contains("the points have 13 coordinates; choose network perceptron",
            Assert.Throws<TrainingFailedException>(() => new Autoencoder(AutoencoderForm.Convolution, 13, 10)).Message,
            StringComparison.Ordinal);
}
