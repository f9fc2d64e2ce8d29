using Harness.Spiking.Delays;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Tests.Delays;

public sealed class DelayedLinearTests
{
    public DelayedLinearTests() => TorchSession.Begin(2, 1);

    [Fact]
    public void A_synapse_passes_its_input_on_as_many_steps_later_as_it_is_long()
    {
        using var scope = NewDisposeScope();
        var (input, weight) = (randn(7, 3, 4), randn(5, 4));
        var delays = randint(0, 4, [5, 4], dtype: int64);
        var output = DelayedLinear.Whole(input, weight, delays);
        Assert.Equal([7L, 3, 5], output.shape);
        var (x, w, d) = (input.data<float>().ToArray(), weight.data<float>().ToArray(), delays.data<long>().ToArray());
        for (var t = 0; t < 7; t++)
            for (var b = 0; b < 3; b++)
                for (var o = 0; o < 5; o++)
                {
                    var sum = 0f;
                    for (var i = 0; i < 4; i++)
                        if (t - d[o * 4 + i] is var from and >= 0) sum += w[o * 4 + i] * x[(from * 3 + b) * 4 + i];
                    Assert.Equal(sum, output[t, b, o].item<float>(), 1e-5f);
                }
    }

    [Theory]
    [InlineData(DelayKernel.Linear, 0.5)]
    [InlineData(DelayKernel.Gaussian, 0.05)]
    public void A_spacing_on_a_whole_step_is_a_whole_delay(DelayKernel kernel, double width)
    {
        using var scope = NewDisposeScope();
        var (input, weight) = (randn(9, 2, 3), randn(4, 3));
        var delays = randint(0, 6, [4, 3], dtype: int64);
        var whole = DelayedLinear.Whole(input, weight, delays);
        var spaced = DelayedLinear.Spaced(input, weight, delays.to(float32), 5, kernel, width);
        Assert.InRange((whole - spaced).abs().max().item<float>(), 0, 1e-5f);
    }

    [Theory]
    [InlineData(DelayKernel.Linear)]
    [InlineData(DelayKernel.Gaussian)]
    public void Gradients_of_inputs_weights_and_delays_are_finite_differences(DelayKernel kernel)
    {
        using var scope = NewDisposeScope();
        Tensor[] values = [randn([6, 2, 3], float64), randn([2, 3], float64), rand([2, 3], float64) * 3 + 0.3];
        var upstream = randn([6, 2, 2], float64);
        Tensor Loss() => (DelayedLinear.Spaced(values[0], values[1], values[2], 4, kernel, 0.8) * upstream).sum();
        foreach (var value in values)
        {
            value.requires_grad_(true);
            Loss().backward();
            var gradient = value.grad!.view(-1);
            value.requires_grad_(false);
            var flat = value.view(-1);
            for (var at = 0; at < flat.numel(); at++)
            {
                var kept = flat[at].item<double>();
                flat[at] = kept + 1e-6;
                var up = Loss().item<double>();
                flat[at] = kept - 1e-6;
                var down = Loss().item<double>();
                flat[at] = kept;
                Assert.Equal((up - down) / 2e-6, gradient[at].item<double>(), 1e-6);
            }
        }
    }

    [Fact]
    public void Taps_of_one_synapse_sum_to_its_weight_wherever_the_delay_lies()
    {
        using var scope = NewDisposeScope();
        foreach (var delay in new[] { 0f, 0.4f, 2.5f, 4f })
            foreach (var kernel in Enum.GetValues<DelayKernel>())
            {
                var response = DelayedLinear.Spaced(ones(12, 1, 1), full([1, 1], 3f), full([1, 1], delay), 4, kernel, 0.6);
                Assert.Equal(3f, response[11, 0, 0].item<float>(), 1e-5f);
            }
    }

    [Fact]
    public void Delays_without_meaning_are_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<HarnessException>(() => DelayedLinear.Whole(ones(3, 1, 1), ones(1, 1), full([1, 1], -1, int64)));
        Assert.Throws<HarnessException>(() => DelayedLinear.Spaced(ones(3, 1, 1), ones(1, 1), ones(1, 1), -1, DelayKernel.Linear));
        Assert.Throws<HarnessException>(() => DelayedLinear.Spaced(ones(3, 1, 1), ones(1, 1), ones(1, 1), 2, DelayKernel.Gaussian, 0));
    }
}
