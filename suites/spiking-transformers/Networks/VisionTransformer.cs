using Harness.Spiking.Counting;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks;

/// <summary>
/// The twin of <see cref="Families.Spikformer"/> without spikes and time: the same convolutions, tokens, widths and residuals, with ReLU,
/// layer norm before each part of a block, softmax attention and GELU (Dosovitskiy et al., ICLR 2021).
/// </summary>
sealed class VisionTransformer : nn.Module<Tensor, Tensor>, INarrow
{
    readonly ConvReluUnit[] patches;
    readonly ConvReluUnit position;
    readonly VisionBlock[] blocks;
    readonly TorchSharp.Modules.LayerNorm norm;
    readonly Readout readout;
    readonly int? bits;

    /// <param name="bits">Of weights and inputs of all layers but the readout, and of both products; null for float32.</param>
    public VisionTransformer(TransformerShape shape, OperationLedger ledger, int? bits = null) : base(nameof(VisionTransformer))
    {
        this.bits = bits;
        int[] widths = [shape.Channels, shape.Width / 8, shape.Width / 4, shape.Width / 2, shape.Width];
        patches = [.. Enumerable.Range(0, 4)
            .Select(index => new ConvReluUnit($"patches{index + 1}", widths[index], widths[index + 1], pool: index >= 2, ledger, bits))];
        position = new("position", shape.Width, shape.Width, pool: false, ledger, bits);
        blocks = [.. Enumerable.Range(0, shape.Depth).Select(index => new VisionBlock($"block{index + 1}", shape, ledger, bits))];
        norm = nn.LayerNorm(shape.Width);
        readout = new("readout", shape.Width, shape.Classes, ledger);
        foreach (nn.Module part in patches.Concat<nn.Module>(blocks)) register_module(part.GetName(), part);
        RegisterComponents();
    }

    /// <summary>With the weights of quantized layers in so many bits, everything else in float32.</summary>
    public Footprint Footprint
    {
        get
        {
            var full = ModuleSize.Footprint(this);
            if (bits is not { } precision) return full;
            // Matrices and kernels but the readout's are quantized; vectors are norms and biases.
            var weights = named_parameters().Where(entry => entry.parameter.dim() > 1
                && !entry.name.StartsWith(nameof(readout), StringComparison.Ordinal)).Sum(entry => entry.parameter.numel());
            return full with
            {
                Bytes = full.Bytes - 4 * weights + (weights * precision + 7) / 8,
                BitsPerWeight = (32.0 * (full.Parameters - weights) + (double)precision * weights) / full.Parameters,
            };
        }
    }

    /// <summary>[samples, channels, rows, columns] intensities to [samples, classes].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input;
        foreach (var patch in patches) x = patch.forward(x);
        x = (x + position.forward(x)).flatten(2).transpose(1, 2).contiguous();
        foreach (var block in blocks) x = block.forward(x);
        return readout.forward(norm.forward(x).mean([1])).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (nn.Module part in patches.Concat<nn.Module>(blocks)) part.Dispose();
            position.Dispose();
            norm.Dispose();
            readout.Dispose();
        }
        base.Dispose(disposing);
    }
}

/// <summary>x += attention(norm(x)); x += perceptron(norm(x)).</summary>
sealed class VisionBlock : nn.Module<Tensor, Tensor>
{
    readonly string layer;
    readonly int heads;
    readonly OperationLedger ledger;
    readonly TorchSharp.Modules.LayerNorm attentionNorm;
    readonly TorchSharp.Modules.LayerNorm perceptronNorm;
    readonly AnalogLinear projections;
    readonly AnalogLinear output;
    readonly AnalogLinear widen;
    readonly AnalogLinear narrow;

    readonly int? bits;
    readonly Quantizer? queries, keys, values, weights;

    public VisionBlock(string layer, TransformerShape shape, OperationLedger ledger, int? bits) : base(layer)
    {
        this.bits = bits;
        if (bits is { } precision)
            (queries, keys, values, weights) = (new("queries", precision, signed: true), new("keys", precision, signed: true),
                new("values", precision, signed: true), new("weights", precision, signed: false));
        (this.layer, heads, this.ledger) = (layer, shape.Heads, ledger);
        attentionNorm = nn.LayerNorm(shape.Width);
        perceptronNorm = nn.LayerNorm(shape.Width);
        projections = new($"{layer}.attention.qkv", shape.Width, 3 * shape.Width, ledger, bits);
        output = new($"{layer}.attention.output", shape.Width, shape.Width, ledger, bits);
        widen = new($"{layer}.widen", shape.Width, shape.Width * shape.MlpRatio, ledger, bits);
        narrow = new($"{layer}.narrow", shape.Width * shape.MlpRatio, shape.Width, ledger, bits);
        RegisterComponents();
    }

    /// <summary>[samples, tokens, width] to the same shape.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var mixed = input + output.forward(Attention(attentionNorm.forward(input)));
        var hidden = nn.functional.gelu(widen.forward(perceptronNorm.forward(mixed)));
        return (mixed + narrow.forward(hidden)).MoveToOuterDisposeScope();
    }

    Tensor Attention(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (samples, tokens, width) = (input.shape[0], input.shape[1], input.shape[2]);
        var parts = projections.forward(input).view(samples, tokens, 3, heads, width / heads).permute(2, 0, 3, 1, 4);
        var (query, key, value) = (parts[0], parts[1], parts[2]);
        Count("query_keys", query, tokens, queries);
        Count("weights_values", value, tokens, values);
        var mixed = queries is null ? nn.functional.scaled_dot_product_attention(query, key, value)
            : QuantizedAttention(query, key, value);
        return mixed.transpose(1, 2).reshape(samples, tokens, width).MoveToOuterDisposeScope();
    }

    Tensor QuantizedAttention(Tensor query, Tensor key, Tensor value)
    {
        var products = queries!.forward(query).matmul(keys!.forward(key).transpose(-1, -2)) / Math.Sqrt(query.shape[^1]);
        return weights!.forward(products.softmax(-1)).matmul(values!.forward(value));
    }

    // Each of the two products pairs every feature of every token with every token.
    void Count(string product, Tensor input, long tokens, Quantizer? quantizer) => ledger.Weighted($"{layer}.attention.{product}",
        "attention", input, InputKind.Analog, (double)input.numel() * tokens, 0, 1, bits: bits,
        setBits: ledger.Recording && quantizer is not null ? quantizer.SetBits(input) : 0);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var part in new nn.Module?[] { attentionNorm, perceptronNorm, projections, output, widen, narrow, queries, keys,
                values, weights }) part?.Dispose();
        base.Dispose(disposing);
    }
}
