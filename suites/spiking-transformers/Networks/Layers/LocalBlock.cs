using Harness.Spiking.Counting;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Layers;

/// <summary>
/// SGLFormer's local part on maps: x' = x + SN(BN(DW3(x))); x' + SN(BN(C1(SN(BN(DW3(SN(BN(C1(x')))))))), four times as wide inside.
/// </summary>
sealed class LocalBlock : Layer
{
    const int Ratio = 4;

    readonly string layer;
    readonly ConvNeurons first;
    readonly Chain rest;

    public LocalBlock(string layer, int width, NeuronRules rules, OperationLedger ledger) : base("local")
    {
        this.layer = layer;
        var inner = Ratio * width;
        first = new($"{layer}.first", new(width, width, Groups: width), rules, ledger);
        rest = new("rest", new ConvNeurons($"{layer}.up", new(width, inner, Kernel: 1), rules, ledger),
            new ConvNeurons($"{layer}.middle", new(inner, inner, Groups: inner), rules, ledger),
            new ConvNeurons($"{layer}.down", new(inner, width, Kernel: 1), rules, ledger));
        Register();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input + first.forward(input);
        return (x + rest.forward(x)).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        var x = sketch.Sum($"{layer}.inner", input, first.Draw(sketch, input));
        return sketch.Sum($"{layer}.outer", x, rest.Draw(sketch, x));
    }
}
