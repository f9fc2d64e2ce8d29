using Harness.Spiking.Counting;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Attentions;

/// <summary>Spike-driven self-attention (Yao et al., NeurIPS 2023): q masked by SN(sum over tokens of k v), feature by feature.</summary>
sealed class MaskMixer : Mixer
{
    readonly OperationLedger ledger;
    readonly NeuronRules rules;
    readonly Neurons neurons;

    public MaskMixer(string layer, AttentionShape shape, NeuronRules rules, OperationLedger ledger) : base("mixer", layer, shape)
    {
        (this.rules, this.ledger) = (rules, ledger);
        neurons = new($"{layer}.lif", rules.At(shape.Threshold), ledger);
        Register();
    }

    public override Tensor forward(Tensor projected)
    {
        using var scope = NewDisposeScope();
        var parts = projected.chunk(3, -1);
        // Where k fires v is added; masking costs nothing.
        Operations.Product(ledger, $"{Label}.keys_values", parts[1], parts[1].numel(), rules.Unit);
        var mask = neurons.forward((parts[1] * parts[2]).sum([2], keepdim: true));
        return (parts[0] * mask).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        WireAxis width = new("width", Shape.Width);
        var outer = input.Without(input.Last.Name);
        string[] names = ["query", "key", "value"];
        Wire[] parts = [.. names.Select(part => sketch.Add(new($"{Label}.{part}", CircuitOperation.Split, [input.Name],
            [.. outer, width])))];
        var sum = sketch.Add(new($"{Label}.keys_values", CircuitOperation.Contraction, [parts[1].Name, parts[2].Name],
            [.. outer.Where(axis => axis.Name != "token"), width])
        { Contracted = [.. outer.Where(axis => axis.Name == "token")], Detail = "k v, summed over tokens" });
        return sketch.Combine($"{Label}.masked", "product", parts[0], sketch.Spike($"{Label}.lif", sum, rules.At(Shape.Threshold)));
    }
}
