using Harness.Spiking.Counting;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Attentions;

/// <summary>A re-parameterised convolution, one more norm, and neurons unless a membrane is wanted.</summary>
sealed class RepUnit : Layer
{
    readonly string layer;
    readonly RepConvolution convolution;
    readonly TorchSharp.Modules.BatchNorm1d norm;
    readonly Neurons? neurons;

    public RepUnit(string layer, AttentionShape shape, NeuronRules rules, bool fires, OperationLedger ledger)
        : base(layer.Split('.')[^1])
    {
        this.layer = layer;
        convolution = new(layer, shape.Width, shape.Grid, rules.Unit, ledger);
        norm = nn.BatchNorm1d(shape.Width);
        if (fires) neurons = new($"{layer}.lif", rules, ledger);
        Register();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = norm.forward(convolution.forward(input).flatten(0, 2)).view(input.shape);
        return (neurons is null ? x : neurons.forward(x)).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        var x = sketch.Norm($"{layer}.norm", convolution.Draw(sketch, input));
        return neurons is null ? x : neurons.Draw(sketch, x);
    }
}

/// <summary>Queries, keys and values, or the first of them, by one re-parameterised convolution each.</summary>
sealed class RepProjection : Layer
{
    static readonly string[] Names = ["q", "k", "v"];

    readonly string layer;
    readonly RepUnit[] parts;

    public RepProjection(string layer, AttentionShape shape, NeuronRules rules, OperationLedger ledger) : base("qkv")
    {
        this.layer = layer;
        parts = [.. Names.Select(part => new RepUnit($"{layer}.{part}", shape, rules, fires: true, ledger))];
        Register(parts);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return cat([.. parts.Select(part => part.forward(input))], -1).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        Wire[] drawn = [.. parts.Select(part => part.Draw(sketch, input))];
        return sketch.Add(new($"{layer}.joined", CircuitOperation.Reshape, [.. drawn.Select(wire => wire.Name)],
            [.. input.Without(input.Last.Name), new("qkv", drawn.Sum(wire => wire.Width))])
        { Detail = "one after the other" });
    }
}
