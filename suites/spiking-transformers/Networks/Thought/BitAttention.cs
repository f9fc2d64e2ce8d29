using Harness.Spiking.Counting;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Thought;

/// <summary>The bits as keys and values, made once, and the attention by which each tick reads them.</summary>
sealed class BitAttention : nn.Module
{
    readonly ThoughtSizes sizes;
    readonly OperationLedger ledger;
    readonly TorchSharp.Modules.Embedding bits, positions;
    readonly TorchSharp.Modules.LayerNorm norm;
    readonly TorchSharp.Modules.Linear features, query, keys, values, output;

    /// <param name="asking">Size of what a query is made from.</param>
    public BitAttention(ThoughtSizes sizes, int asking, OperationLedger ledger) : base(nameof(BitAttention))
    {
        (this.sizes, this.ledger) = (sizes, ledger);
        (bits, positions) = (nn.Embedding(2, sizes.Width), nn.Embedding(sizes.Length, sizes.Width));
        (features, norm) = (nn.Linear(sizes.Width, sizes.Width), nn.LayerNorm(sizes.Width));
        (query, keys) = (nn.Linear(asking, sizes.Width), nn.Linear(sizes.Width, sizes.Width));
        (values, output) = (nn.Linear(sizes.Width, sizes.Width), nn.Linear(sizes.Width, sizes.Width));
        RegisterComponents();
    }

    /// <summary>Keys and values [sample, head, position, part] of bits [sample, position], int64.</summary>
    public (Tensor Keys, Tensor Values) Read(Tensor sequence)
    {
        var embedded = bits.forward(sequence) + positions.weight!;
        ledger.Linear("features", embedded, features, steps: 1);
        var seen = norm.forward(features.forward(embedded));
        ledger.Linear("keys", seen, keys, steps: 1);
        ledger.Linear("values", seen, values, steps: 1);
        return (Heads(keys.forward(seen)), Heads(values.forward(seen)));
    }

    /// <summary>What is found, [sample, width], by those who ask, [sample, asking].</summary>
    public Tensor Attend(Tensor asking, (Tensor Keys, Tensor Values) read)
    {
        ledger.Linear("query", asking, query, sizes.Ticks);
        var wanted = Heads(query.forward(asking).unsqueeze(1));
        var weights = (wanted.matmul(read.Keys.transpose(2, 3)) / Math.Sqrt(sizes.Width / (double)sizes.Heads)).softmax(-1);
        var found = weights.matmul(read.Values).transpose(1, 2).flatten(1);
        ledger.Weighted("attention", "attention", wanted, InputKind.Analog, 2.0 * wanted.shape[0] * sizes.Length * sizes.Width, 0,
            sizes.Ticks);
        ledger.Linear("found", found, output, sizes.Ticks);
        return output.forward(found);
    }

    // [sample, position, width] to [sample, head, position, part].
    Tensor Heads(Tensor x) => x.view(x.shape[0], x.shape[1], sizes.Heads, sizes.Width / sizes.Heads).transpose(1, 2);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var part in new nn.Module[] { bits, positions, norm, features, query, keys, values, output }) part.Dispose();
        base.Dispose(disposing);
    }
}
