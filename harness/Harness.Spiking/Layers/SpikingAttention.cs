using Harness.Spiking.Counting;
using Harness.Spiking.Neurons;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Layers;

/// <summary>
/// Spiking self-attention (Zhou et al., ICLR 2023): q, k, v = LIF(BN(Linear(x))); y = LIF(scale q k^T v); LIF(BN(Linear(y))). No softmax.
/// Computed as q (k^T v): the same integers, and cheaper where a head is narrower than the sequence is long.
/// </summary>
public sealed class SpikingAttention : nn.Module<Tensor, Tensor>
{
    readonly string layer;
    readonly int heads;
    readonly double scale;
    readonly LifParameters attentionLif;
    readonly OperationLedger ledger;
    readonly LinearUnit projections;
    readonly LinearUnit output;

    /// <param name="lif">Neurons after q, k, v and the output; the attention's own fire at <paramref name="threshold"/>.</param>
    public SpikingAttention(string layer, int width, int heads, double scale, float threshold, LifParameters lif, OperationLedger ledger)
        : base(layer)
    {
        (this.layer, this.heads, this.scale, this.ledger) = (layer, heads, scale, ledger);
        attentionLif = lif with { Threshold = threshold };
        // One matrix for q, k and v: outputs and their norms are independent, so it equals three.
        projections = new($"{layer}.qkv", width, 3 * width, lif, ledger);
        output = new($"{layer}.output", width, width, lif, ledger);
        RegisterComponents();
    }

    /// <summary>[steps, samples, tokens, width] spike counts to spikes of the same shape.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (steps, samples, tokens, width) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3]);
        var parts = projections.forward(input).view(steps * samples, tokens, 3, heads, width / heads).permute(2, 0, 3, 1, 4);
        var (query, key, value) = (parts[0], parts[1], parts[2]);
        var context = key.transpose(-2, -1).matmul(value);
        var mixed = query.matmul(context) * scale;
        Count(query, key, value, (int)steps);
        var current = mixed.transpose(1, 2).reshape(steps, samples, tokens, width);
        var spikes = Lif.Spikes(current, attentionLif);
        ledger.Neurons($"{layer}.lif", spikes, () => LifGraph.Potentials(current, attentionLif));
        return output.forward(spikes).MoveToOuterDisposeScope();
    }

    // Each product accumulates where its sparser operand fires (k or v), then where q does.
    void Count(Tensor query, Tensor key, Tensor value, int steps)
    {
        if (!ledger.Recording) return;
        using var scope = NewDisposeScope();
        var dense = (double)query.numel() * query.shape[^1];
        var sparser = key.sum().item<float>() <= value.sum().item<float>() ? key : value;
        ledger.Weighted($"{layer}.keys_values", "attention", sparser, InputKind.Spikes, dense, 0, steps);
        ledger.Weighted($"{layer}.query_context", "attention", query, InputKind.Spikes, dense, 0, steps);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            projections.Dispose();
            output.Dispose();
        }
        base.Dispose(disposing);
    }
}
