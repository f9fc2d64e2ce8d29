using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.SpikingTransformers.Networks;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Tests.Networks;

public sealed class QuantizerTests
{
    public QuantizerTests() => TorchSession.Begin(1, 1);

    [Theory]
    [InlineData(8, true, 127)]
    [InlineData(4, true, 7)]
    [InlineData(4, false, 15)]
    [InlineData(2, true, 1)]
    public void Values_are_whole_numbers_of_the_step_nearest_to_them(int bits, bool signed, int levels)
    {
        using var quantizer = new Quantizer("quantizer", bits, signed);
        var input = signed ? linspace(-2, 2, 1001) : linspace(0, 2, 1001);
        var codes = quantizer.forward(input) / (2.0 / levels);
        Assert.InRange((codes - codes.round()).abs().max().item<float>(), 0, 1e-4);
        Assert.Equal(levels, codes.abs().max().item<float>(), 1e-4);
        Assert.InRange((quantizer.forward(input) - input).abs().max().item<float>(), 0, 1.0 / levels + 1e-5);
    }

    [Fact]
    public void The_gradient_passes_within_the_range_and_not_beyond_it()
    {
        using var quantizer = new Quantizer("quantizer", 4, signed: true);
        quantizer.forward(tensor(new[] { -1f, 1f }));
        quantizer.eval();
        var input = tensor(new[] { -3f, -0.5f, 0.2f, 0.9f, 1.5f }, requires_grad: true);
        quantizer.forward(input).sum().backward();
        Assert.Equal([0, 1, 1, 1, 0], input.grad!.data<float>().ToArray());
    }

    [Fact]
    public void The_range_moves_in_training_alone()
    {
        using var quantizer = new Quantizer("quantizer", 8, signed: true);
        quantizer.forward(tensor(new[] { 1f }));
        quantizer.forward(tensor(new[] { 3f }));
        quantizer.eval();
        // 0.9 of 1 and 0.1 of 3; beyond it all is the largest code.
        Assert.Equal(1.2f, quantizer.forward(tensor(new[] { 100f })).item<float>(), 1e-5);
        Assert.Equal(1.2f, quantizer.forward(tensor(new[] { 2f })).item<float>(), 1e-5);
    }

    [Fact]
    public void Set_bits_are_those_of_the_codes()
    {
        using var quantizer = new Quantizer("quantizer", 4, signed: false);
        // Codes 15, 8, 3, 0 have 4, 1, 2 and 0 bits of 16.
        Assert.Equal(7 / 16.0, quantizer.SetBits(tensor(new[] { 15f, 8f, 3f, 0f })), 1e-9);
    }

    [Fact]
    public void Layers_of_few_bits_say_so_and_hold_fewer_bytes()
    {
        var (full, few) = (Count(null), Count(4));
        Assert.All(full.Layers, layer => Assert.Null(layer.Bits));
        foreach (var (before, after) in full.Layers.Zip(few.Layers).Where(pair => pair.First.Layer != "readout"))
        {
            Assert.Equal(before.Macs, after.Macs);
            Assert.Equal(4, after.Bits);
            Assert.InRange(after.SetBits!.Value, 0.01, 0.75);
            Assert.Equal(before.WeightBytes / 8, after.WeightBytes);
        }
        Assert.Null(few.Layers.Single(layer => layer.Layer == "readout").Bits);
    }

    static OperationCounts Count(int? bits)
    {
        var ledger = new OperationLedger();
        using var network = new VisionTransformer(new(1, 3, 16, 1, 2, 2), ledger, bits);
        using var mode = no_grad();
        return ledger.Record(2, () => network.forward(rand(2, 1, 12, 12)));
    }
}
