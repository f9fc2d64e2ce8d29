using Harness.Spiking.Counting;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Layers;

/// <summary>
/// SpikingResformer's group-wise perceptron on maps: u = BN(C1(SN(x))) of more channels, u += BN(C3 in groups (SN(u))), BN(C1(SN(u))).
/// </summary>
sealed class GroupedPerceptron : Layer
{
    readonly Chain up, middle, down;
    readonly string layer;

    public GroupedPerceptron(string layer, int width, int ratio, int group, NeuronRules rules, OperationLedger ledger) : base("perceptron")
    {
        this.layer = layer;
        var inner = ratio * width;
        Chain Part(string name, ConvShape shape) => new(name, new Neurons($"{layer}.{name}.input", rules, ledger),
            new ConvNorm($"{layer}.{name}", shape, rules.Unit, ledger));
        if (inner % group != 0)
            throw new HarnessException($"{inner} channels cannot be split into groups of {group}; choose a group size that divides them.");
        up = Part("up", new(width, inner, Kernel: 1));
        middle = Part("middle", new(inner, inner, Groups: inner / group));
        down = Part("down", new(inner, width, Kernel: 1));
        Register();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var u = up.forward(input);
        return down.forward(u + middle.forward(u)).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        var u = up.Draw(sketch, input);
        return down.Draw(sketch, sketch.Sum($"{layer}.inner", u, middle.Draw(sketch, u)));
    }
}
