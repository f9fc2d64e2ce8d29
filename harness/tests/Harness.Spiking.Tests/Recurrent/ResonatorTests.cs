using Harness.Abstractions;
using Harness.Spiking.Kernels;
using Harness.Spiking.Neurons;
using Harness.Spiking.Recurrent;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Tests.Recurrent;

public sealed unsafe class ResonatorTests
{
    static readonly LifParameters Firing = new(Threshold: 0.5f, Surrogate: Surrogate.Gaussian, Slope: 1.5f);

    public ResonatorTests() => TorchSession.Begin(5, 1);

    /// <summary>Seven samples: one tile of six, and one more.</summary>
    [Theory]
    [InlineData(Surrogate.Gaussian)]
    [InlineData(Surrogate.Sigmoid)]
    public void The_kernel_computes_the_equations_and_their_gradients(Surrogate surrogate)
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(Firing with { Surrogate = surrogate });
        var values = randn(20, 7, 64) * 0.4;
        var weights = randn(20, 7, 64);
        var (fused, graph) = (values.clone().requires_grad_(true), values.clone().requires_grad_(true));
        var spikes = layer.forward(fused);
        Assert.InRange(spikes.mean().item<float>(), 0.05, 0.6);
        (spikes * weights).sum().backward();
        var gradients = Gradients(layer);
        layer.zero_grad();
        var plain = layer.ForwardGraph(graph);
        Assert.Equal(plain.data<float>().ToArray(), spikes.data<float>().ToArray());
        (plain * weights).sum().backward();
        Near(graph.grad!, fused.grad!);
        foreach (var (name, gradient) in Gradients(layer))
        {
            Near(gradient, gradients[name]);
            Assert.True(gradient.abs().max().item<float>() > 0, name);
        }
    }

    [Fact]
    public void Every_width_of_vectors_computes_the_same()
    {
        using var scope = NewDisposeScope();
        var (input, weights, spikeGradient) = (randn(12, 7, 32) * 0.4, randn(32, 32) * 0.1, randn(12, 7, 32));
        var (turns, growths) = (rand(32) * 0.5, rand(32) * -0.1);
        var neurons = new ResonatorNeurons(TensorMemory.Floats(weights), TensorMemory.Floats(turns), TensorMemory.Floats(growths),
            new(0.5f, 0.9f, 0.1f));
        float[][] Run(int width)
        {
            var (spikes, trace, gradient, sums) = (zeros(12, 7, 32), zeros(3, 12, 7, 32), zeros(12, 7, 32), new float[34 * 32]);
            var state = TensorMemory.Floats(trace);
            var parts = new ResonatorTrace(state, state + 12 * 7 * 32, state + 2 * 12 * 7 * 32);
            var shape = new ResonatorShape(12, 7, 32);
            ResonatorKernel.Forward(TensorMemory.Floats(input), neurons, TensorMemory.Floats(spikes), parts, shape, width);
            ResonatorKernel.Backward(TensorMemory.Floats(spikeGradient), neurons, TensorMemory.Floats(spikes), parts,
                TensorMemory.Floats(gradient), sums, shape, Firing, width);
            return [spikes.data<float>().ToArray(), gradient.data<float>().ToArray(), sums];
        }
        var scalar = Run(0);
        Assert.Contains(1f, scalar[0]);
        foreach (var width in new[] { 256, VectorWidth.Widest }.Where(width => width <= VectorWidth.Widest))
            Assert.Equal(scalar, Run(width));
    }

    [Fact]
    public void Nothing_leaks_from_one_sample_to_another_or_to_an_earlier_step()
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var layer = Layer(Firing);
        var input = randn(15, 8, 64) * 0.4;
        var whole = layer.forward(input);
        Assert.Equal(whole[.., 3..4].contiguous().data<float>().ToArray(), layer.forward(input[.., 3..4].contiguous()).data<float>()
            .ToArray());
        Assert.Equal(whole[..9].contiguous().data<float>().ToArray(), layer.forward(input[..9].contiguous()).data<float>().ToArray());
    }

    [Fact]
    public void The_number_of_threads_decides_no_bit()
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(Firing);
        var input = randn(10, 20, 64) * 0.4;
        byte[] Gradient(int threads)
        {
            TorchThreads.Use(threads);
            layer.zero_grad();
            layer.forward(input).sum().backward();
            return layer.get_parameter("weight")!.grad!.bytes.ToArray();
        }
        Assert.Equal(Gradient(1), Gradient(2));
        TorchThreads.Use(1);
    }

    [Fact]
    public void Other_numbers_of_neurons_than_multiples_of_32_are_refused() => Assert.Contains("multiple of 32 neurons, not 40",
        Assert.Throws<HarnessException>(() => new ResonatorLayer("some", 40, (0.1, 0.5), (0.001, 0.1), 0.9f, 0.01f, Firing)).Message,
        StringComparison.Ordinal);

    static ResonatorLayer Layer(LifParameters firing) => new("some", 64, (0.1, 0.5), (0.001, 0.1), 0.9f, 0.1f, firing);

    static Dictionary<string, Tensor> Gradients(nn.Module layer) =>
        layer.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.grad!.clone());

    static void Near(Tensor expected, Tensor actual)
    {
        var scale = expected.abs().max().item<float>();
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 2e-4 * scale);
    }
}
