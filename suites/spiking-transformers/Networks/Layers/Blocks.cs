using Harness.Spiking.Counting;

namespace Suites.SpikingTransformers.Networks.Layers;

/// <summary>Blocks of attention and perceptron, as most spiking transformers have them.</summary>
static class Blocks
{
    public static IEnumerable<Layer> Of(int depth, int ratio, AttentionKind kind, Residual residual, AttentionShape shape,
        NeuronRules rules, OperationLedger ledger) =>
        Enumerable.Range(1, depth).Select(index => One($"block{index}", ratio, kind, residual, shape, rules, ledger));

    public static ResidualBlock One(string name, int ratio, AttentionKind kind, Residual residual, AttentionShape shape,
        NeuronRules rules, OperationLedger ledger) => new(name, Attention.Of(kind, residual, $"{name}.attention", shape, rules, ledger),
            new Perceptron(name, shape.Width, ratio, residual, rules, ledger));
}
