using Harness.Spiking.Counting;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Layers;

/// <summary>
/// Meta-SpikeFormer's separable convolution on maps: BN(C1(DW7(SN(BN(C1(SN(x))))))), twice as wide inside, no norm between the last two.
/// </summary>
sealed class SeparableConvolution : Layer
{
    const int Ratio = 2, Kernel = 7;

    readonly string layer;
    readonly ConvShape deep;
    readonly OperationLedger ledger;
    readonly NeuronRules rules;
    readonly Chain first;
    readonly TorchSharp.Modules.Conv2d middle;
    readonly ConvNorm last;

    public SeparableConvolution(string layer, int width, NeuronRules rules, OperationLedger ledger) : base("separable")
    {
        (this.layer, this.rules, this.ledger) = (layer, rules, ledger);
        deep = new(Ratio * width, Ratio * width, Kernel, Groups: Ratio * width);
        first = new("first", new Neurons($"{layer}.input", rules, ledger),
            new ConvNorm($"{layer}.up", new(width, Ratio * width, Kernel: 1), rules.Unit, ledger),
            new Neurons($"{layer}.inner", rules, ledger));
        middle = ConvNorm.Convolution(deep);
        last = new($"{layer}.down", new(Ratio * width, width, Kernel: 1), 1, ledger);
        Register();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var spikes = first.forward(input);
        var merged = spikes.flatten(0, 1);
        var places = deep.Places(new((int)merged.shape[2], (int)merged.shape[3]));
        Operations.Convolution(ledger, $"{layer}.deep", merged, middle.weight, deep, places, (int)input.shape[0], rules.Unit);
        return last.forward(ConvNorm.Of(merged, middle, deep).view(spikes.shape)).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input) =>
        last.Draw(sketch, sketch.Convolution($"{layer}.deep", first.Draw(sketch, input), deep));
}

/// <summary>Meta-SpikeFormer's channel convolution on maps: BN(C3(SN(BN(C3(SN(x)))))), wider inside.</summary>
static class ChannelConvolution
{
    public static Chain Of(string layer, int width, int ratio, NeuronRules rules, OperationLedger ledger) => new("channels",
        new Neurons($"{layer}.input", rules, ledger), new ConvNorm($"{layer}.widen", new(width, ratio * width), rules.Unit, ledger),
        new Neurons($"{layer}.inner", rules, ledger), new ConvNorm($"{layer}.narrow", new(ratio * width, width), rules.Unit, ledger));
}
