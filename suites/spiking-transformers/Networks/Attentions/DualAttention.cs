using Harness.Spiking.Counting;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Attentions;

/// <summary>
/// Dual spike self-attention (Shi et al., CVPR 2024) on maps: s = SN(x); (y1, y2) = BN(P(s)), P a convolution of side and stride p to twice
/// the width; A = SN(y1^T s / sqrt(rate of s times d)); o = SN(y2 A / sqrt(rate of A times L)); BN(W o). Rates of each head are running
/// means, taken first from the first training batch.
/// </summary>
sealed class DualAttention : Layer
{
    const double Momentum = 0.999;

    readonly string layer;
    readonly int width, heads, patch;
    readonly double length;
    readonly NeuronRules rules;
    readonly OperationLedger ledger;
    readonly Neurons before, weights, result;
    readonly ConvNorm reduced, output;
    readonly Tensor inputRate, weightRate;

    /// <param name="patch">p, the side of what one query stands for.</param>
    /// <param name="length">L, how many queries the second scale counts; null for as many as there are.</param>
    /// <exception cref="HarnessException">The map cannot be cut into such patches, or the width into heads.</exception>
    public DualAttention(string layer, int width, int heads, int patch, double? length, Grid grid, NeuronRules rules,
        OperationLedger ledger) : base("attention")
    {
        if (grid.Rows % patch != 0 || grid.Columns % patch != 0)
            throw new HarnessException($"A map of {grid} cannot be cut into patches of {patch}x{patch}; set resolution so that it can.");
        if (width % heads != 0) throw new HarnessException($"A width of {width} cannot be split into {heads} heads of equal width.");
        (this.layer, this.width, this.heads, this.patch, this.rules, this.ledger) = (layer, width, heads, patch, rules, ledger);
        this.length = length ?? (double)grid.Tokens / (patch * patch);
        before = new($"{layer}.input", rules, ledger);
        reduced = new($"{layer}.reduced", new(width, 2 * width, patch, patch, Pad: 0), rules.Unit, ledger);
        weights = new($"{layer}.weights", rules, ledger);
        result = new($"{layer}.lif", rules, ledger);
        output = new($"{layer}.output", new(width, width, Kernel: 1), rules.Unit, ledger);
        register_buffer(nameof(inputRate), inputRate = zeros(heads));
        register_buffer(nameof(weightRate), weightRate = zeros(heads));
        Register();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var spikes = before.forward(input);
        var y = reduced.forward(spikes);
        long[] leading = [.. input.shape[..2]];
        y = y.view([.. leading, heads, 2 * (width / heads), -1]);
        var (queries, values) = (y.narrow(3, 0, width / heads), y.narrow(3, width / heads, width / heads));
        var keys = spikes.view([.. leading, heads, width / heads, -1]);
        Observe(inputRate, keys);
        Count("queries_input", keys, queries.shape[^1]);
        // Scaled before the products: what goes in is smaller by far than what comes out.
        var mixing = weights.forward((queries * Scale(inputRate, width / heads)).transpose(-1, -2).matmul(keys));
        Observe(weightRate, mixing);
        Count("values_weights", mixing, width / heads);
        var mixed = (values * Scale(weightRate, length)).matmul(mixing);
        return output.forward(result.forward(mixed.reshape(input.shape))).MoveToOuterDisposeScope();
    }

    // A rate of zero, also of before the first batch, would make the scale infinite: it counts as 1.
    static Tensor Scale(Tensor rate, double terms) => (rate.where(rate.gt(0), 1) * terms).rsqrt().view(-1, 1, 1);

    void Observe(Tensor rate, Tensor spikes)
    {
        if (!training) return;
        using var mode = no_grad();
        using var scope = NewDisposeScope();
        var seen = spikes.mean([0, 1, 3, 4]);
        var first = rate.abs().max().item<float>() == 0;
        rate.copy_(first ? seen : rate * Momentum + seen * (1 - Momentum));
    }

    // Where a spike is, the values that meet it are added.
    void Count(string product, Tensor spikes, long partners) =>
        Operations.Product(ledger, $"{layer}.{product}", spikes, (double)spikes.numel() * partners, rules.Unit);

    public override Wire Draw(Sketch sketch, Wire input)
    {
        var spikes = before.Draw(sketch, input);
        var y = reduced.Draw(sketch, spikes);
        var (head, feature) = (new WireAxis("head", heads), new WireAxis("feature", width / heads));
        var (query, key) = (new WireAxis("query", y.Grid.Tokens), new WireAxis("token", spikes.Grid.Tokens));
        var time = spikes.Axes[0];
        var queries = sketch.Add(new($"{layer}.queries", CircuitOperation.Split, [y.Name], [time, head, feature, query]));
        var values = sketch.Add(new($"{layer}.values", CircuitOperation.Split, [y.Name], [time, head, feature, query]));
        var products = sketch.Add(new($"{layer}.queries_input", CircuitOperation.Contraction, [queries.Name, spikes.Name],
            [time, head, query, key])
        { Contracted = [feature], Detail = "y₁ᵀ s, scaled by its rate" });
        var mixing = weights.Draw(sketch, products);
        var mixed = sketch.Add(new($"{layer}.values_weights", CircuitOperation.Contraction, [values.Name, mixing.Name],
            [time, new("channel", width), new("row", spikes.Grid.Rows), new("column", spikes.Grid.Columns)])
        { Contracted = [query], Detail = "y₂ A, scaled by its rate" });
        return output.Draw(sketch, result.Draw(sketch, mixed));
    }
}
