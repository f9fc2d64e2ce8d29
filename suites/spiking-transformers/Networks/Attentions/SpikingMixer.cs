using Harness.Spiking.Counting;
using Harness.Spiking.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Attentions;

/// <summary>SN(scale q k^T v), computed as q (k^T v): the same integers.</summary>
sealed class SpikingMixer : Mixer
{
    readonly NeuronRules rules;
    readonly OperationLedger ledger;
    readonly Neurons? neurons;

    public SpikingMixer(string layer, AttentionShape shape, NeuronRules rules, OperationLedger ledger) : base("mixer", layer, shape)
    {
        (this.rules, this.ledger) = (rules.At(shape.Threshold), ledger);
        if (!rules.Fused) neurons = new($"{layer}.lif", this.rules, ledger);
        Register();
    }

    public override Tensor forward(Tensor projected)
    {
        using var scope = NewDisposeScope();
        Count(projected);
        if (neurons is not null) return neurons.forward(Products(projected)).MoveToOuterDisposeScope();
        var spikes = SpikingAttention.Mix(projected, Shape.Heads, Shape.Scale, rules.Lif);
        Neurons.Count(ledger, $"{Label}.lif", spikes, rules, () => Products(projected));
        return spikes.MoveToOuterDisposeScope();
    }

    Tensor Products(Tensor projected)
    {
        var (steps, samples, tokens) = (projected.shape[0], projected.shape[1], projected.shape[2]);
        var parts = projected.view(steps * samples, tokens, 3, Shape.Heads, Shape.HeadWidth).permute(2, 0, 3, 1, 4);
        var mixed = parts[0].matmul(parts[1].transpose(-2, -1).matmul(parts[2])) * Shape.Scale;
        return mixed.transpose(1, 2).reshape(steps, samples, tokens, Shape.Width);
    }

    // Each product accumulates where its sparser operand fires (k or v), then where q does.
    void Count(Tensor projected)
    {
        if (!ledger.Recording) return;
        using var scope = NewDisposeScope();
        var parts = projected.chunk(3, -1);
        var dense = (double)parts[0].numel() * Shape.HeadWidth;
        // Of each sample by itself, so that a count does not depend on the batch.
        var fewer = parts[1].sum([0, 2, 3], keepdim: true).le(parts[2].sum([0, 2, 3], keepdim: true));
        var sparser = parts[1].where(fewer, parts[2]);
        Operations.Product(ledger, $"{Label}.keys_values", sparser, dense, rules.Unit);
        Operations.Product(ledger, $"{Label}.query_context", parts[0], dense, rules.Unit);
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        var parts = Split(sketch, input);
        var (outer, feature) = (input.Without(input.Last.Name), parts[0].Last);
        var context = sketch.Add(new($"{Label}.keys_values", CircuitOperation.Contraction, [parts[1].Name, parts[2].Name],
            [.. outer.Where(axis => axis.Name != "token"), new("head", Shape.Heads), feature, feature])
        { Contracted = [.. outer.Where(axis => axis.Name == "token")], Detail = "kᵀ v" });
        var mixed = sketch.Add(new($"{Label}.query_context", CircuitOperation.Contraction, [parts[0].Name, context.Name],
            [.. outer, new("width", Shape.Width)])
        { Contracted = [feature], Detail = "q (kᵀ v), scaled" });
        return sketch.Spike($"{Label}.lif", mixed, rules);
    }
}
