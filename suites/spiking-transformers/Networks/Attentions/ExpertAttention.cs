using Harness.Spiking.Counting;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Attentions;

/// <summary>
/// SEMM's attention (Zhou et al., NeurIPS 2024): experts have queries of their own and share keys and values; spikes of a router say which
/// experts a token listens to. y = sum over experts of r . SN(scale q k^T v), SN(BN(W y)).
/// </summary>
sealed class ExpertAttention : Layer
{
    readonly string layer;
    readonly int width, experts, expertWidth;
    readonly double scale;
    readonly NeuronRules rules;
    readonly OperationLedger ledger;
    readonly DenseNeurons shared, queries, output;
    readonly Neurons neurons;

    /// <param name="queryRules">Neurons of the queries; those of all layers, but in STEP's code.</param>
    public ExpertAttention(string layer, int width, int experts, int expertWidth, double scale, NeuronRules rules, NeuronRules queryRules,
        OperationLedger ledger) : base("attention")
    {
        (this.layer, this.width, this.experts, this.expertWidth, this.scale) = (layer, width, experts, expertWidth, scale);
        (this.rules, this.ledger) = (rules, ledger);
        shared = new($"{layer}.shared", width, expertWidth + width + experts, rules, ledger);
        queries = new($"{layer}.queries", width, experts * expertWidth, queryRules, ledger);
        neurons = new($"{layer}.lif", rules, ledger);
        output = new($"{layer}.output", width, width, rules, ledger);
        Register();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var parts = shared.forward(input).split([expertWidth, width, experts], -1);
        var (keys, values, router) = (parts[0], parts[1], parts[2]);
        // [steps, samples, experts, tokens, ...].
        var asked = queries.forward(input).view([.. input.shape[..3], experts, expertWidth]).transpose(2, 3);
        Operations.Product(ledger, $"{layer}.keys_values", keys, (double)keys.numel() * width, rules.Unit);
        Operations.Product(ledger, $"{layer}.query_context", asked, (double)asked.numel() * width, 1);
        var answers = neurons.forward(asked.matmul(keys.transpose(-1, -2).matmul(values).unsqueeze(2)) * scale);
        var heard = (answers * router.transpose(2, 3).unsqueeze(-1)).sum([2]);
        return output.forward(heard).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        var (time, token) = (input.Axes[0], input.Axes[1]);
        var (expert, feature) = (new WireAxis("expert", experts), new WireAxis("feature", expertWidth));
        var together = shared.Draw(sketch, input);
        var key = sketch.Add(new($"{layer}.key", CircuitOperation.Split, [together.Name], [time, token, feature]));
        var value = sketch.Add(new($"{layer}.value", CircuitOperation.Split, [together.Name], [time, token, new("width", width)]));
        var router = sketch.Add(new($"{layer}.router", CircuitOperation.Split, [together.Name], [time, token, expert]));
        var query = sketch.Add(new($"{layer}.query", CircuitOperation.Split, [queries.Draw(sketch, input).Name],
            [time, expert, token, feature]));
        var context = sketch.Add(new($"{layer}.keys_values", CircuitOperation.Contraction, [key.Name, value.Name],
            [time, feature, new("width", width)])
        { Contracted = [token], Detail = "kᵀ v" });
        var answers = sketch.Add(new($"{layer}.query_context", CircuitOperation.Contraction, [query.Name, context.Name],
            [time, expert, token, new("width", width)])
        { Contracted = [feature], Detail = "q (kᵀ v), scaled" });
        var fired = neurons.Draw(sketch, answers);
        var heard = sketch.Add(new($"{layer}.heard", CircuitOperation.Reduce, [fired.Name, router.Name], input.Axes)
        { Detail = "sum over the experts of the router" });
        return output.Draw(sketch, heard);
    }
}
