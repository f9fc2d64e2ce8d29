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
        var projected = projections.forward(input);
        Count(projected);
        var spikes = FusedAttention.Of(projected, heads, scale, attentionLif);
        // The potentials never exist here; who asks for them has them computed by libtorch.
        ledger.Neurons($"{layer}.lif", spikes, () => LifGraph.Potentials(Products(projected), attentionLif));
        return output.forward(spikes).MoveToOuterDisposeScope();
    }

    /// <summary>LIF(scale q k^T v) by the fused kernel.</summary>
    /// <param name="projected">Spikes [steps, samples, tokens, 3 x width]: query, key, value.</param>
    /// <returns>Spikes [steps, samples, tokens, width].</returns>
    public static Tensor Mix(Tensor projected, int heads, double scale, LifParameters lif) =>
        FusedAttention.Of(projected, heads, scale, lif);

    Tensor Products(Tensor projected)
    {
        var (steps, samples, tokens, width) = (projected.shape[0], projected.shape[1], projected.shape[2], projected.shape[3] / 3);
        var parts = projected.view(steps * samples, tokens, 3, heads, width / heads).permute(2, 0, 3, 1, 4);
        var mixed = parts[0].matmul(parts[1].transpose(-2, -1).matmul(parts[2])) * scale;
        return mixed.transpose(1, 2).reshape(steps, samples, tokens, width);
    }

    // Each product accumulates where its sparser operand fires (k or v), then where q does.
    void Count(Tensor projected)
    {
        if (!ledger.Recording) return;
        using var scope = NewDisposeScope();
        var parts = projected.chunk(3, -1);
        var (query, key, value) = (parts[0], parts[1], parts[2]);
        var (dense, steps) = ((double)query.numel() * query.shape[^1] / heads, (int)projected.shape[0]);
        // Of each sample by itself, so that a count does not depend on the batch.
        var sparser = key.where(key.sum([0, 2, 3], keepdim: true).le(value.sum([0, 2, 3], keepdim: true)), value);
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
