using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using Harness.Torch;
using Suites.SpikingTransformers.Families;
using Suites.SpikingTransformers.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Tests.Networks;

public sealed class PlainSpikformerTests
{
    static readonly TransformerShape Shape = new(1, 3, 16, 2, 2, 2);
    static readonly LifParameters Lif = new(Threshold: 0.5f);

    public PlainSpikformerTests() => TorchSession.Begin(2, 1);

    [Fact]
    public void The_fused_network_computes_and_learns_what_libtorchs_operations_do()
    {
        using var scope = NewDisposeScope();
        var fused = SpikingImages.Classifier(new Spikformer(Width: 16, Depth: 2, Heads: 2, MlpRatio: 2, Steps: 3),
            new(1, new(12, 12)), 3, new OperationLedger());
        var plain = new PlainSpikformer(Shape, 3, 0.125, Lif, 0.5f);
        plain.Take(fused);
        var (images, labels) = (rand(6, 1, 12, 12), arange(6) % 3);
        plain.to(float64);
        var (actual, expected) = (Gradients(fused, images, labels), Gradients(plain, images.to(float64), labels));
        Assert.Equal(expected.Keys, actual.Keys);
        var largest = expected.Values.Max(gradient => gradient.abs().max().item<double>());
        Assert.InRange(largest, 1e-2, 1e2);
        foreach (var (name, gradient) in expected)
            Assert.InRange((actual[name] - gradient).abs().max().item<double>(), 0, 1e-5 * Math.Max(1, largest));
        // The running statistics that both have learned, and the answers they give with them.
        fused.eval();
        plain.eval();
        using var _ = no_grad();
        Assert.InRange((fused.forward(images) - plain.forward(images.to(float64))).abs().max().item<double>(), 0, 1e-5);
    }

    static Dictionary<string, Tensor> Gradients(nn.Module<Tensor, Tensor> network, Tensor images, Tensor labels)
    {
        network.train();
        nn.functional.cross_entropy(network.forward(images), labels).backward();
        return network.named_parameters().OrderBy(entry => PlainSpikformer.NameOf(entry.name), StringComparer.Ordinal)
            .ToDictionary(entry => PlainSpikformer.NameOf(entry.name), entry => entry.parameter.grad!);
    }
}
