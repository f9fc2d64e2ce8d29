using Harness.Spiking.Neurons;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Tests.Neurons;

public sealed class LifTests
{
    public LifTests() => TorchSession.Begin(11, 1);

    public static TheoryData<Surrogate, ResetRule, bool, bool, float> Conventions()
    {
        var data = new TheoryData<Surrogate, ResetRule, bool, bool, float>();
        foreach (var surrogate in Enum.GetValues<Surrogate>())
            foreach (var reset in Enum.GetValues<ResetRule>())
                foreach (var decay in new[] { true, false })
                    foreach (var detach in new[] { true, false })
                        data.Add(surrogate, reset, decay, detach, decay ? 2f : 1.7f);
        return data;
    }

    [Fact]
    public void A_constant_input_of_one_and_a_half_fires_every_second_step()
    {
        using var input = full([6, 1], 1.5f);
        using var spikes = Lif.Spikes(input, new LifParameters(Tau: 2, Threshold: 1));
        // H = 0.75, 1.125 (fires, back to 0), 0.75, 1.125, ...
        Assert.Equal([0f, 1f, 0f, 1f, 0f, 1f], spikes.data<float>().ToArray());
    }

    [Fact]
    public void A_potential_exactly_at_the_threshold_fires()
    {
        using var input = full([1, 3], 2f);
        using var spikes = Lif.Spikes(input, new LifParameters(Tau: 2, Threshold: 1));
        Assert.Equal([1f, 1f, 1f], spikes.data<float>().ToArray());
    }

    [Fact]
    public void A_soft_reset_keeps_what_exceeds_the_threshold()
    {
        using var input = full([3, 1], 1.5f);
        // No input decay, tau 2: H = 1.5 (fires, V 0.5), 1.75 (fires, V 0.75), 1.875 (fires).
        using var soft = Lif.Spikes(input, new LifParameters(DecayInput: false, Reset: ResetRule.Soft));
        // With threshold 1.6: H = 1.5, 2.25 (fires, soft V 0.65), 1.825 (fires); hard: V 0, H 1.5 does not fire.
        using var softer = Lif.Spikes(input, new LifParameters(Threshold: 1.6f, DecayInput: false, Reset: ResetRule.Soft));
        using var hard = Lif.Spikes(input, new LifParameters(Threshold: 1.6f, DecayInput: false));
        Assert.Equal([1f, 1f, 1f], soft.data<float>().ToArray());
        Assert.Equal([0f, 1f, 1f], softer.data<float>().ToArray());
        Assert.Equal([0f, 1f, 0f], hard.data<float>().ToArray());
    }

    [Theory]
    [MemberData(nameof(Conventions))]
    public void The_fused_kernel_equals_the_graph(Surrogate surrogate, ResetRule reset, bool decay, bool detach, float tau)
    {
        using var scope = NewDisposeScope();
        var lif = new LifParameters(tau, 1, decay, reset, detach, surrogate, 2);
        var values = randn(5, 3, 37) * 1.5f + 0.8f;
        var weights = randn(5, 3, 37);
        var (fused, fusedGradient) = Gradient(values, weights, input => Lif.Spikes(input, lif));
        var (graph, graphGradient) = Gradient(values, weights, input => LifGraph.Spikes(input, lif));
        Assert.InRange(graph.mean().item<float>(), 0.05f, 0.95f);
        Assert.True(fused.equal(graph).all().item<bool>(), "spikes differ");
        Assert.InRange((fusedGradient - graphGradient).abs().max().item<float>(), 0, 1e-5f);
        Assert.InRange(graphGradient.abs().max().item<float>(), 1e-3f, float.MaxValue);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_constant_current_equals_its_repetition(bool detach)
    {
        using var scope = NewDisposeScope();
        var lif = new LifParameters(DetachReset: detach);
        var values = randn(3, 41) * 1.5f + 0.8f;
        var weights = randn(4, 3, 41);
        var (constant, constantGradient) = Gradient(values, weights, input => Lif.SpikesOfConstant(input, 4, lif));
        var (repeated, repeatedGradient) = Gradient(values, weights, input => Lif.Spikes(input.unsqueeze(0).expand(4, 3, 41), lif));
        Assert.True(constant.equal(repeated).all().item<bool>());
        Assert.InRange((constantGradient - repeatedGradient).abs().max().item<float>(), 0, 1e-5f);
    }

    [Fact]
    public void No_state_crosses_calls()
    {
        using var input = full([1, 1], 1.5f);
        for (var call = 0; call < 3; call++)
        {
            using var spikes = Lif.Spikes(input, new LifParameters());
            Assert.Equal(0f, spikes.item<float>());
        }
    }

    [Fact]
    public void A_strided_input_is_read_in_its_own_order()
    {
        using var scope = NewDisposeScope();
        var input = (randn(7, 4, 3) * 2).transpose(0, 1);
        Assert.True(Lif.Spikes(input, new()).equal(Lif.Spikes(input.contiguous(), new())).all().item<bool>());
    }

    [Fact]
    public void Without_gradients_the_spikes_are_the_same()
    {
        using var scope = NewDisposeScope();
        var input = (randn(4, 100) + 1).requires_grad_(true);
        var trained = Lif.Spikes(input, new());
        using var _ = no_grad();
        Assert.True(trained.equal(Lif.Spikes(input, new())).all().item<bool>());
    }

    [Theory]
    [InlineData(0.5f, 1, 4)]
    [InlineData(2, 0, 4)]
    [InlineData(2, 1, -1)]
    [InlineData(float.NaN, 1, 4)]
    public void Parameters_without_meaning_are_refused(float tau, float threshold, float slope) =>
        Assert.Throws<HarnessException>(() => new LifParameters(tau, threshold, Slope: slope).Checked());

    static (Tensor Value, Tensor Gradient) Gradient(Tensor values, Tensor weights, Func<Tensor, Tensor> function)
    {
        var input = values.detach().clone().requires_grad_(true);
        var output = function(input);
        (output * weights).sum().backward();
        return (output.detach(), input.grad!);
    }
}
