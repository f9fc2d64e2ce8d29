using Harness.Spiking.Counting;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Layers;

/// <summary>Two linear layers with norms, on each token alone.</summary>
sealed class Perceptron : Layer
{
    readonly Neurons? before;
    readonly DenseNeurons widen;
    readonly Layer narrow;

    public Perceptron(string layer, int width, int ratio, Residual residual, NeuronRules rules, OperationLedger ledger,
        bool bias = true) : base("perceptron")
    {
        if (residual == Residual.Membranes) before = new($"{layer}.input", rules, ledger);
        widen = new($"{layer}.widen", width, ratio * width, rules, ledger, bias);
        narrow = residual == Residual.Membranes ? new DenseNorm($"{layer}.narrow", ratio * width, width, rules.Unit, ledger, bias)
            : new DenseNeurons($"{layer}.narrow", ratio * width, width, rules, ledger, bias);
        Register();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return narrow.forward(widen.forward(before is null ? input : before.forward(input))).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input) =>
        narrow.Draw(sketch, widen.Draw(sketch, before is null ? input : before.Draw(sketch, input)));
}
