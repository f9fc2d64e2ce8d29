using Harness.Spiking.Counting;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Layers;

/// <summary>
/// SEMM's perceptron on tokens: SN(BN(W x)), cut in two; the first half, after SN(BN(DW3)), lets the second pass; SN(BN(W .)).
/// </summary>
sealed class GatedPerceptron : Layer
{
    readonly string layer;
    readonly int half;
    readonly DenseNeurons widen, narrow;
    readonly OnMap gate;

    public GatedPerceptron(string layer, int width, int ratio, Grid grid, NeuronRules rules, OperationLedger ledger) : base("perceptron")
    {
        if (ratio * width % 2 != 0)
            throw new HarnessException($"{ratio * width} hidden features cannot be cut in two; choose an even width or MLP ratio.");
        (this.layer, half) = (layer, ratio * width / 2);
        widen = new($"{layer}.widen", width, 2 * half, rules, ledger);
        gate = new($"{layer}.gate", new ConvNeurons($"{layer}.gate", new(half, half, Groups: half, Row: grid.Rows == 1), rules, ledger),
            grid);
        narrow = new($"{layer}.narrow", half, width, rules, ledger);
        Register();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var halves = widen.forward(input).chunk(2, -1);
        return narrow.forward(gate.forward(halves[0]) * halves[1]).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        var wide = widen.Draw(sketch, input);
        Wire Half(string name) => sketch.Add(new($"{layer}.{name}", CircuitOperation.Split, [wide.Name],
            [.. wide.Without(wide.Last.Name), new("width", half)]));
        var passed = sketch.Combine($"{layer}.passed", "product", gate.Draw(sketch, Half("first")), Half("second"));
        return narrow.Draw(sketch, passed);
    }
}
