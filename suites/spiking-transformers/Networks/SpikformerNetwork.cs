using Harness.Spiking.Counting;
using Harness.Spiking.Layers;
using Harness.Spiking.Neurons;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks;

/// <summary>
/// Spikformer (Zhou et al., ICLR 2023). Spiking patch splitting: four 3x3 convolutions, the last two with max pooling, so that a token
/// stands for 4x4 pixels; a fifth gives its relative position, as a residual. Then blocks of spiking self-attention and spiking
/// perceptron; residuals add spikes, so that values between blocks are counts. The readout sees the mean over tokens and steps.
/// </summary>
sealed class SpikformerNetwork : nn.Module<Tensor, Tensor>
{
    readonly int steps;
    readonly ConvUnit[] patches;
    readonly ConvUnit position;
    readonly SpikformerBlock[] blocks;
    readonly Readout readout;

    public SpikformerNetwork(TransformerShape shape, int steps, double scale, LifParameters lif, float attentionThreshold,
        OperationLedger ledger) : base(nameof(SpikformerNetwork))
    {
        this.steps = steps;
        int[] widths = [shape.Channels, shape.Width / 8, shape.Width / 4, shape.Width / 2, shape.Width];
        patches = [.. Enumerable.Range(0, 4)
            .Select(index => new ConvUnit($"patches{index + 1}", widths[index], widths[index + 1], pool: index >= 2, lif, ledger))];
        position = new("position", shape.Width, shape.Width, pool: false, lif, ledger);
        blocks = [.. Enumerable.Range(0, shape.Depth)
            .Select(index => new SpikformerBlock($"block{index + 1}", shape, scale, lif, attentionThreshold, ledger))];
        readout = new("readout", shape.Width, shape.Classes, ledger);
        foreach (nn.Module part in patches.Concat<nn.Module>(blocks)) register_module(part.GetName(), part);
        RegisterComponents();
    }

    /// <summary>[samples, channels, rows, columns] intensities to [samples, classes].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = Tokens(input);
        foreach (var block in blocks) x = block.forward(x);
        return readout.forward(x.mean([0, 2])).MoveToOuterDisposeScope();
    }

    // [steps, samples, tokens, width].
    Tensor Tokens(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = patches[0].ForwardConstant(input, steps);
        foreach (var patch in patches[1..]) x = patch.forward(x);
        x = x + position.forward(x);
        return x.flatten(3).transpose(2, 3).contiguous().MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (nn.Module part in patches.Concat<nn.Module>(blocks)) part.Dispose();
            position.Dispose();
            readout.Dispose();
        }
        base.Dispose(disposing);
    }
}

/// <summary>x += attention(x); x += perceptron(x).</summary>
sealed class SpikformerBlock : nn.Module<Tensor, Tensor>
{
    readonly SpikingAttention attention;
    readonly LinearUnit widen;
    readonly LinearUnit narrow;

    public SpikformerBlock(string layer, TransformerShape shape, double scale, LifParameters lif, float attentionThreshold,
        OperationLedger ledger) : base(layer)
    {
        attention = new($"{layer}.attention", shape.Width, shape.Heads, scale, attentionThreshold, lif, ledger);
        widen = new($"{layer}.widen", shape.Width, shape.Width * shape.MlpRatio, lif, ledger);
        narrow = new($"{layer}.narrow", shape.Width * shape.MlpRatio, shape.Width, lif, ledger);
        RegisterComponents();
    }

    /// <summary>[steps, samples, tokens, width] counts to counts of the same shape.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var mixed = input + attention.forward(input);
        return (mixed + narrow.forward(widen.forward(mixed))).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            attention.Dispose();
            widen.Dispose();
            narrow.Dispose();
        }
        base.Dispose(disposing);
    }
}
