using Harness.Spiking.Layers;
using Harness.Spiking.Neurons;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Tests.Layers;

public sealed class SpikingLinearTests
{
    const int Steps = 3, Rows = 40, Inputs = 24, Outputs = 16;

    public SpikingLinearTests() => TorchSession.Begin(3, 1);

    /// <summary>Sparse, dense, counts above one, and membranes take different paths.</summary>
    [Theory]
    [InlineData(0.02, 1)]
    [InlineData(0.5, 1)]
    [InlineData(0.3, 3)]
    [InlineData(0.3, 0.25)]
    public void Without_a_bias_it_is_what_it_is_with_a_bias_of_zero(double density, double height)
    {
        using var scope = NewDisposeScope();
        var (plain, biased) = (nn.Linear(Inputs, Outputs, hasBias: false), nn.Linear(Inputs, Outputs));
        using (no_grad())
        {
            biased.weight.copy_(plain.weight);
            nn.init.zeros_(biased.bias);
        }
        var input = rand(Steps * Rows, Inputs).lt(density).to(float32) * height;
        var (actual, expected) = (Results(plain, input), Results(biased, input));
        Assert.True(expected[0].sum().item<float>() > 0);
        for (var at = 0; at < expected.Length; at++)
            Assert.InRange((actual[at] - expected[at]).abs().max().item<float>(), 0, 1e-5);
    }

    [Theory]
    [InlineData(0.02, 1, true)]
    [InlineData(0.5, 1, false)]
    [InlineData(0.3, 3, true)]
    [InlineData(0.3, 0.25, false)]
    public void Currents_and_their_gradients_are_those_of_a_linear_layer(double density, double height, bool bias)
    {
        using var scope = NewDisposeScope();
        var linear = nn.Linear(Inputs, Outputs, hasBias: bias);
        var input = rand(Steps * Rows, Inputs).lt(density).to(float32) * height;
        Tensor[] Of(Func<Tensor, Tensor> layer)
        {
            linear.zero_grad();
            var x = input.clone().requires_grad_(true);
            var currents = layer(x);
            (currents * linspace(-1, 1, currents.numel()).view(currents.shape)).sum().backward();
            Tensor[] all = [currents.detach(), x.grad!, .. linear.parameters().Select(parameter => parameter.grad!.clone())];
            return all;
        }
        var (actual, expected) = (Of(x => SpikingLinear.Currents(x, linear).Currents), Of(linear.forward));
        Assert.Equal(bias ? 4 : 3, actual.Length);
        for (var at = 0; at < expected.Length; at++)
            Assert.InRange((actual[at] - expected[at]).abs().max().item<float>(), 0, 1e-4);
    }

    static Tensor[] Results(TorchSharp.Modules.Linear linear, Tensor input)
    {
        var x = input.clone().requires_grad_(true);
        using var norm = nn.BatchNorm1d(Outputs);
        var (spikes, _) = SpikingLinear.Of(x, Steps, linear, norm, new LifParameters(Threshold: 0.5f));
        (spikes * linspace(-1, 1, spikes.numel()).view(spikes.shape)).sum().backward();
        using (no_grad()) return [spikes.detach(), x.grad!, linear.weight.grad!, Evaluated(linear, norm, input)];
    }

    static Tensor Evaluated(TorchSharp.Modules.Linear linear, TorchSharp.Modules.BatchNorm1d norm, Tensor input)
    {
        norm.eval();
        return SpikingLinear.Of(input, Steps, linear, norm, new LifParameters(Threshold: 0.1f)).Spikes;
    }
}
