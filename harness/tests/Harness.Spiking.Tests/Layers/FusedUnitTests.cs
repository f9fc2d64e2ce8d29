using Harness.Spiking.Counting;
using Harness.Spiking.Kernels;
using Harness.Spiking.Layers;
using Harness.Spiking.Neurons;
using Harness.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Harness.Spiking.Tests.Layers;

/// <summary>
/// The fused layers against the same layers out of libtorch's operations and the neuron's graph, on the same state. The graph is computed
/// in float64: what float32 rounds is then the fused layer's alone.
/// </summary>
public sealed class FusedUnitTests
{
    const int Steps = 3;

    static readonly LifParameters Sigmoid = new();

    public FusedUnitTests() => TorchSession.Begin(4, 1);

    public static TheoryData<LifParameters> Rules() =>
    [
        Sigmoid,
        new LifParameters(1.7f, 0.6f, false, ResetRule.Soft, false, Surrogate.ArcTangent, 2),
        new LifParameters(2.5f, 0.8f, true, ResetRule.Hard, false, Surrogate.Triangle, 1, -0.3f, FireRule.Above),
        new LifParameters(4, 0.5f, false, ResetRule.Hard, true, Surrogate.FastSigmoid, 2),
        new LifParameters(2, 0.5f, true, ResetRule.Soft, true, Surrogate.Gaussian, 1.5f),
    ];

    /// <summary>Few spikes take the event kernel, many the faster one, counts the one with values.</summary>
    public static TheoryData<double, int> Inputs() => new() { { 0.05, 1 }, { 0.4, 1 }, { 0.97, 1 }, { 0.05, 3 }, { 0.97, 3 } };

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_linear_unit_equals_its_graph_under_every_convention(LifParameters lif) => LinearEqualsGraph(lif, 0.2, 1);

    [Theory]
    [MemberData(nameof(Inputs))]
    public void A_linear_unit_equals_its_graph_at_every_density(double density, int most) =>
        LinearEqualsGraph(Sigmoid, density, most);

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_convolution_unit_equals_its_graph_under_every_convention(LifParameters lif)
    {
        using var scope = NewDisposeScope();
        var unit = new ConvUnit("unit", 3, 20, pool: true, lif, new OperationLedger());
        Vary(unit);
        Tensor Graph(Tensor input)
        {
            var current = unit.Part<BatchNorm2d>("norm").forward(unit.Part<Conv2d>("convolution").forward(input.flatten(0, 1)));
            var spikes = LifGraph.Spikes(current.view([Steps, 5, .. current.shape[1..]]), lif);
            return nn.functional.max_pool2d(spikes.flatten(0, 1), 3, 2, 1).view(Steps, 5, 20, 4, 5);
        }
        Equal(unit, Graph, Spikes([Steps, 5, 3, 7, 9], 0.3, 1));
    }

    [Fact]
    public void Real_values_that_are_the_same_at_all_steps_equal_their_graph()
    {
        using var scope = NewDisposeScope();
        var linear = new LinearUnit("unit", 30, 17, Sigmoid, new OperationLedger());
        var convolution = new ConvUnit("unit", 2, 8, pool: false, Sigmoid, new OperationLedger());
        Vary(linear);
        Vary(convolution);
        Tensor Repeated(Tensor current) => LifGraph.Spikes(current.unsqueeze(0).expand([Steps, .. current.shape]), Sigmoid);
        Equal(linear, input => Repeated(linear.Part<BatchNorm1d>("norm").forward(linear.Part<Linear>("linear").forward(input))),
            randn(40, 30), input => linear.ForwardConstant(input, Steps));
        Equal(convolution, input => Repeated(convolution.Part<BatchNorm2d>("norm").forward(convolution.Part<Conv2d>("convolution")
            .forward(input))), randn(6, 2, 6, 6), input => convolution.ForwardConstant(input, Steps));
    }

    [Theory]
    [InlineData(2, 16)]
    [InlineData(3, 8)]
    [InlineData(2, 5)]
    public void Attention_equals_its_graph(int heads, int head)
    {
        using var scope = NewDisposeScope();
        var lif = Sigmoid with { Threshold = 0.5f };
        var (tokens, width) = (11, heads * head);
        var input = Spikes([Steps, 4, tokens, 3 * width], 0.5, 1);
        Tensor Graph(Tensor projected)
        {
            var parts = projected.view(Steps * 4, tokens, 3, heads, head).permute(2, 0, 3, 1, 4);
            var mixed = parts[0].matmul(parts[1].transpose(-2, -1).matmul(parts[2])) * 0.125;
            return LifGraph.Spikes(mixed.transpose(1, 2).reshape(Steps, 4, tokens, width), lif);
        }
        var (spikes, gradient) = Gradient(input, projected => FusedAttention.Of(projected, heads, 0.125, lif));
        var (expected, expectedGradient) = Gradient(input.to(float64), Graph);
        Assert.InRange(expected.mean().item<double>(), 0.02, 0.98);
        Near(expected, spikes, "spikes", 1);
        Near(expectedGradient, gradient, "gradient", Math.Max(1, expectedGradient.abs().max().item<double>()));
        using var _ = no_grad();
        Near(expected, FusedAttention.Of(input, heads, 0.125, lif), "spikes without gradients", 1);
    }

    [Fact]
    public void A_batch_of_one_value_per_channel_cannot_train_a_norm()
    {
        using var unit = new LinearUnit("unit", 4, 3, Sigmoid, new OperationLedger());
        using var input = zeros(1, 1, 4);
        Assert.Contains("more than one value per channel", Assert.Throws<HarnessException>(() => unit.forward(input)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Training_steps_leave_no_tensor_behind()
    {
        using var convolution = new ConvUnit("unit", 1, 16, pool: true, Sigmoid, new OperationLedger());
        using var attention = new SpikingAttention("attention", 16, 2, 0.125, 0.5f, Sigmoid, new OperationLedger());
        using var parametric = new ParametricLif(Sigmoid);
        using var input = Spikes([Steps, 4, 1, 7, 8], 0.4, 1);
        long Live(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                using var scope = NewDisposeScope();
                var tokens = parametric.forward(convolution.forward(input)).flatten(3).transpose(2, 3);
                attention.forward(tokens).sum().backward();
            }
            return DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        }
        Assert.Equal(Live(3), Live(10));
    }

    [Fact]
    public void Gradients_are_freed_while_the_backward_pass_goes_on()
    {
        using var scope = NewDisposeScope();
        var input = ones(4, 100).requires_grad_(true);
        var deep = input;
        for (var layer = 0; layer < 20; layer++) deep = Lif.Spikes(deep, Sigmoid);
        var loss = deep.sum();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        loss.backward();
        // Of twenty layers, only the last one's gradient is held, and the leaf's.
        Assert.InRange(DisposeScopeManager.Statistics.ThreadTotalLiveCount - before, long.MinValue, 2);
    }

    static void LinearEqualsGraph(LifParameters lif, double density, int most)
    {
        using var scope = NewDisposeScope();
        var ledger = new OperationLedger();
        var unit = new LinearUnit("unit", 70, 90, lif, ledger);
        Vary(unit);
        var input = Spikes([Steps, 6, 4, 70], density, most);
        var taken = ledger.Record(6, () => unit.forward(input)).Layers[0].Kernel;
        // Which one is the clock's word.
        Assert.Contains(taken, Enum.GetNames<ProductPath>());
        Equal(unit, values => LifGraph.Spikes(unit.Part<BatchNorm1d>("norm").forward(unit.Part<Linear>("linear").forward(values.reshape(-1,
            70))).view(Steps, 6, 4, 90), lif), input);
    }

    // Output, gradients of the input and of all parameters, and running statistics, in training and afterwards.
    static void Equal(nn.Module<Tensor, Tensor> unit, Func<Tensor, Tensor> graph, Tensor input, Func<Tensor, Tensor>? fused = null)
    {
        fused ??= unit.forward;
        unit.train();
        var start = unit.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        var actual = Results(unit, input, fused);
        unit.eval();
        Tensor evaluated;
        using (no_grad()) evaluated = fused(input);
        unit.train();
        unit.to(float64);
        Restore(unit, start);
        var expected = Results(unit, input.to(float64), graph);
        Assert.InRange(expected["spikes"].mean().item<double>(), 0.02, 0.98);
        // A bias before a norm has no gradient but the rounding of others: all are measured by the largest.
        var scale = expected.Where(entry => entry.Key.StartsWith("gradient", StringComparison.Ordinal))
            .Max(entry => entry.Value.abs().max().item<double>());
        foreach (var (name, value) in expected) Near(value, actual[name], name, Math.Max(1, scale));
        unit.eval();
        using var _ = no_grad();
        Near(graph(input.to(float64)), evaluated, "spikes in evaluation", 1);
    }

    static Dictionary<string, Tensor> Results(nn.Module unit, Tensor input, Func<Tensor, Tensor> function)
    {
        unit.zero_grad();
        var (spikes, gradient) = Gradient(input, function);
        var results = new Dictionary<string, Tensor> { ["spikes"] = spikes, ["gradient of the input"] = gradient };
        foreach (var (name, parameter) in unit.named_parameters()) results[$"gradient of {name}"] = parameter.grad!.clone();
        foreach (var (name, buffer) in unit.named_buffers()) results[name] = buffer.clone();
        return results;
    }

    static (Tensor Value, Tensor Gradient) Gradient(Tensor values, Func<Tensor, Tensor> function)
    {
        var input = values.detach().clone().requires_grad_(true);
        var output = function(input);
        // Weights of the loss, the same for every form of the output.
        var weights = (arange(output.numel(), float64) * 0.7).sin().view(output.shape);
        (output * weights.to(output.dtype)).sum().backward();
        return (output.detach(), input.grad!);
    }

    static void Near(Tensor expected, Tensor actual, string what, double scale)
    {
        var difference = (expected - actual).abs().max().to(float64).item<double>() / scale;
        Assert.True(difference <= 1e-5, $"{what} differs by {difference} of the largest value");
    }

    static void Restore(nn.Module unit, Dictionary<string, Tensor> state)
    {
        using var _ = no_grad();
        foreach (var (name, value) in unit.state_dict()) value.copy_(state[name]);
    }

    // Norms start as 1 and 0, under which some errors are invisible.
    static void Vary(nn.Module unit)
    {
        using var _ = no_grad();
        foreach (var (name, parameter) in unit.named_parameters())
            if (name == "norm.weight") parameter.copy_(rand_like(parameter) + 0.5);
            else if (name.EndsWith("bias", StringComparison.Ordinal)) parameter.copy_(randn_like(parameter) * 0.3 + 0.3);
    }

    static Tensor Spikes(long[] shape, double density, int most) =>
        rand(shape).lt(density).to(float32) * randint(1, most + 1, shape).to(float32);
}

static class Parts
{
    /// <summary>A submodule by its name.</summary>
    public static T Part<T>(this nn.Module module, string name) where T : nn.Module =>
        (T)module.named_children().Single(child => child.name == name).module;
}
