using Harness.Spiking.Counting;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Backbones;

/// <summary>QKFormer's first patches: f = SN(BN(C3(x))) of half the width, SN(BN(C3(f))) + SN(BN(C1(f))).</summary>
sealed class QkPatches : Stem
{
    readonly ConvNeurons first, main, shortcut;

    public QkPatches(int channels, int width, NeuronRules rules, OperationLedger ledger) : base("patches")
    {
        first = new("patches.first", new(channels, width / 2), rules, ledger);
        main = new("patches.main", new(width / 2, width), rules, ledger);
        shortcut = new("patches.shortcut", new(width / 2, width, Kernel: 1), rules, ledger);
        Register();
    }

    public override Tensor forward(Tensor input) => Forward(new(input, (int)input.shape[0], Constant: false));

    public override Tensor Forward(Stimulus input)
    {
        using var scope = NewDisposeScope();
        var x = first.Forward(input);
        return (main.forward(x) + shortcut.forward(x)).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        var x = first.Draw(sketch, input);
        return sketch.Sum("patches.sum", main.Draw(sketch, x), shortcut.Draw(sketch, x));
    }
}

/// <summary>
/// Between two stages of QKFormer, with doubled width and halved sides: SN(MP(BN(C3(SN(BN(C3(x))))))) + SN(BN(C1 of stride 2 (x))).
/// </summary>
sealed class QkEmbedding : Layer
{
    readonly Chain main;
    readonly ConvNeurons shortcut;

    public QkEmbedding(string name, int width, NeuronRules rules, OperationLedger ledger) : base(name)
    {
        main = new("main", new ConvNeurons($"{name}.first", new(width / 2, width), rules, ledger),
            new ConvNorm($"{name}.second", new(width, width), rules.Unit, ledger), new Pooling($"{name}.pool"),
            new Neurons($"{name}.lif", rules, ledger));
        shortcut = new($"{name}.shortcut", new(width / 2, width, Kernel: 1, Stride: 2), rules, ledger);
        Register();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return (main.forward(input) + shortcut.forward(input)).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        sketch.Block = GetName();
        var sum = sketch.Sum($"{GetName()}.sum", main.Draw(sketch, input), shortcut.Draw(sketch, input));
        sketch.Block = null;
        return sum;
    }
}
