using Harness.Spiking.Counting;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Attentions;

/// <summary>
/// Q-K token attention (Zhou et al., NeurIPS 2024): SN(sum of q over the features of a head) says for each token whether its k passes.
/// </summary>
sealed class ChoiceMixer : Mixer
{
    readonly OperationLedger ledger;
    readonly NeuronRules rules;
    readonly Neurons neurons;

    public ChoiceMixer(string layer, AttentionShape shape, NeuronRules rules, OperationLedger ledger) : base("mixer", layer, shape)
    {
        (this.rules, this.ledger) = (rules, ledger);
        neurons = new($"{layer}.lif", rules.At(shape.Threshold), ledger);
        Register();
    }

    public override int Parts => 2;

    public override Tensor forward(Tensor projected)
    {
        using var scope = NewDisposeScope();
        var parts = projected.view([.. projected.shape[..3], 2, Shape.Heads, Shape.HeadWidth]);
        var (query, key) = (parts.select(3, 0), parts.select(3, 1));
        Operations.Product(ledger, $"{Label}.queries", query, query.numel(), rules.Unit);
        var chosen = neurons.forward(query.sum([-1]));
        return (key * chosen.unsqueeze(-1)).flatten(3).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        var parts = Split(sketch, input);
        var outer = input.Without(input.Last.Name);
        var sum = sketch.Add(new($"{Label}.queries", CircuitOperation.Contraction, [parts[0].Name], [.. outer, new("head", Shape.Heads)])
        { Contracted = [parts[0].Last], Detail = "q, summed over the features of a head" });
        var chosen = sketch.Spike($"{Label}.lif", sum, rules.At(Shape.Threshold));
        return sketch.Add(new($"{Label}.chosen", CircuitOperation.Elementwise, [parts[1].Name, chosen.Name],
            [.. outer, new("width", Shape.Width)])
        { Detail = "product" });
    }
}
