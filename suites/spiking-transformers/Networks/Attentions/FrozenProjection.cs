using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Attentions;

/// <summary>
/// Queries, keys and values of the control of random attention: as a learned projection, but the weights of queries and keys stay as they
/// were drawn. They are no parameters; the norms behind them learn.
/// </summary>
sealed class FrozenProjection : Layer
{
    readonly string layer;
    readonly NeuronRules rules;
    readonly OperationLedger ledger;
    readonly Tensor weight;
    readonly TorchSharp.Modules.BatchNorm1d norm;
    readonly Neuron neuron;
    readonly DenseNeurons value;

    public FrozenProjection(string layer, AttentionShape shape, NeuronRules rules, OperationLedger ledger) : base("qkv")
    {
        (this.layer, this.rules, this.ledger) = (layer, rules, ledger);
        weight = randn(2 * shape.Width, shape.Width) * 0.02;
        register_buffer(nameof(weight), weight);
        norm = nn.BatchNorm1d(2 * shape.Width);
        neuron = rules.Create();
        value = new($"{layer}.v", shape.Width, shape.Width, rules, ledger, shape.Bias);
        Register();
    }

    /// <summary>[steps, samples, tokens, width] to spikes [steps, samples, tokens, 3 x width].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Operations.Linear(ledger, $"{layer}.qk", input, weight, rules.Unit, bias: false);
        var current = nn.functional.linear(input, weight).flatten(0, 2);
        var spikes = neuron.forward(norm.forward(current).view([.. input.shape[..3], weight.shape[0]]));
        Neurons.Count(ledger, $"{layer}.qk.lif", spikes, rules,
            () => norm.forward(nn.functional.linear(input, weight).flatten(0, 2)).view(spikes.shape));
        return cat([spikes, value.forward(input)], -1).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        var width = (int)weight.shape[0];
        // Drawn without weights: they are not learned, and so are none of the parameters.
        var random = sketch.Add(new($"{layer}.qk", CircuitOperation.Linear, [input.Name], [.. input.Without(input.Last.Name),
            new("width", width)])
        { Contracted = [input.Last], Detail = "random weights" });
        var spikes = sketch.Spike($"{layer}.qk.lif", sketch.Norm($"{layer}.qk.norm", random), rules);
        var values = value.Draw(sketch, input);
        return sketch.Add(new($"{layer}.joined", CircuitOperation.Reshape, [spikes.Name, values.Name],
            [.. input.Without(input.Last.Name), new("qkv", width + width / 2)])
        { Detail = "one after the other" });
    }
}
