using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Attentions;

/// <summary>
/// Queries, keys and values as STEP's SGLFormer computes them: three times the query's projection, by neurons that are not reset in
/// between, so that keys continue from the membranes that queries left, and values from those of the keys.
/// </summary>
sealed class RepeatedProjection : Layer
{
    const int Times = 3;

    readonly string layer;
    readonly NeuronRules rules;
    readonly OperationLedger ledger;
    readonly TorchSharp.Modules.Linear linear;
    readonly TorchSharp.Modules.BatchNorm1d norm;
    readonly Neuron neuron;

    public RepeatedProjection(string layer, int width, NeuronRules rules, OperationLedger ledger) : base("qkv")
    {
        if (rules.Kind is NeuronKind.Glif or NeuronKind.Psn)
            throw new HarnessException($"STEP's SGLFormer runs its neurons over three times the steps, which {rules.Kind} neurons with "
                + "numbers of their own for each step cannot; choose another neuron or variant published.");
        (this.layer, this.rules, this.ledger) = (layer, rules, ledger);
        linear = DenseNorm.Linear(width, width, bias: false);
        norm = nn.BatchNorm1d(width);
        neuron = rules.Create();
        Register();
    }

    /// <summary>[steps, samples, tokens, width] to spikes [steps, samples, tokens, 3 x width].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        // Computed three times there; once gives the same numbers.
        Operations.Linear(ledger, layer, input, linear.weight, rules.Unit, bias: false);
        var current = norm.forward(linear.forward(input.reshape(-1, input.shape[^1]))).view(input.shape);
        var spikes = neuron.forward(cat([current, current, current], 0));
        var joined = cat([.. spikes.chunk(Times, 0)], -1);
        Neurons.Count(ledger, $"{layer}.lif", joined, rules, () => cat([current, current, current], -1));
        return joined.MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        var width = (int)linear.weight.shape[0];
        var normed = sketch.Norm($"{layer}.norm", sketch.Linear(layer, input, width, bias: false));
        var repeated = sketch.Add(new($"{layer}.repeated", CircuitOperation.Broadcast, [normed.Name],
            [.. input.Without(input.Last.Name), new("qkv", Times * width)])
        { Detail = "the same three times" });
        return sketch.Spike($"{layer}.lif", repeated, rules);
    }
}
