using Harness.Spiking.Neurons;
using Suites.SpikingTransformers.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Tests.Networks;

/// <summary>
/// The same network out of libtorch's operations alone: convolution, batch norm, max pooling, linear, matmul, and one tensor operation per
/// operation of the neuron (<see cref="LifGraph"/>). What the fused network is compared with; its state has the same shapes.
/// </summary>
sealed class PlainSpikformer : nn.Module<Tensor, Tensor>
{
    readonly int steps;
    readonly PlainConvolution[] patches;
    readonly PlainConvolution position;
    readonly PlainBlock[] blocks;
    readonly PlainReadout readout;

    public PlainSpikformer(TransformerShape shape, int steps, double scale, LifParameters lif, float attentionThreshold)
        : base(nameof(PlainSpikformer))
    {
        this.steps = steps;
        int[] widths = [shape.Channels, shape.Width / 8, shape.Width / 4, shape.Width / 2, shape.Width];
        patches = [.. Enumerable.Range(0, 4)
            .Select(index => new PlainConvolution($"patches{index + 1}", widths[index], widths[index + 1], pool: index >= 2, lif))];
        position = new("position", shape.Width, shape.Width, pool: false, lif);
        blocks = [.. Enumerable.Range(0, shape.Depth)
            .Select(index => new PlainBlock($"block{index + 1}", shape, scale, lif, lif with { Threshold = attentionThreshold }))];
        readout = new(shape.Width, shape.Classes);
        foreach (nn.Module part in patches.Concat<nn.Module>(blocks)) register_module(part.GetName(), part);
        RegisterComponents();
    }

    /// <summary>Takes the state of the suite's network.</summary>
    public void Take(nn.Module network) => load_state_dict(network.state_dict().ToDictionary(entry => NameOf(entry.Key),
        entry => entry.Value));

    /// <summary>The name here of a parameter of the suite's network.</summary>
    public static string NameOf(string name) => name.Replace("backbone.", "", StringComparison.Ordinal)
        .Replace("embedding.", "", StringComparison.Ordinal)
        .Replace("part1.projection.", "attention.projections.", StringComparison.Ordinal)
        .Replace("part1.", "attention.", StringComparison.Ordinal).Replace("part2.", "", StringComparison.Ordinal);

    /// <summary>[samples, channels, rows, columns] intensities to [samples, classes].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = Tokens(input);
        foreach (var block in blocks) x = block.forward(x);
        return readout.forward(x.mean([0, 2])).MoveToOuterDisposeScope();
    }

    Tensor Tokens(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = patches[0].ForwardConstant(input, steps);
        foreach (var patch in patches[1..]) x = patch.forward(x);
        x = x + position.forward(x);
        return x.flatten(3).transpose(2, 3).contiguous().MoveToOuterDisposeScope();
    }
}

sealed class PlainConvolution : nn.Module<Tensor, Tensor>
{
    readonly LifParameters lif;
    readonly TorchSharp.Modules.Conv2d convolution;
    readonly TorchSharp.Modules.BatchNorm2d norm;
    readonly TorchSharp.Modules.MaxPool2d? pooling;

    public PlainConvolution(string name, int inputs, int outputs, bool pool, LifParameters lif) : base(name)
    {
        this.lif = lif;
        convolution = nn.Conv2d(inputs, outputs, kernel_size: 3, stride: 1, padding: 1, bias: false);
        norm = nn.BatchNorm2d(outputs);
        if (pool) pooling = nn.MaxPool2d(3, 2, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var current = norm.forward(convolution.forward(input.flatten(0, 1)));
        return Fire(current.view([.. input.shape[..2], .. current.shape[1..]])).MoveToOuterDisposeScope();
    }

    public Tensor ForwardConstant(Tensor input, int steps)
    {
        using var scope = NewDisposeScope();
        var current = norm.forward(convolution.forward(input));
        return Fire(current.unsqueeze(0).expand([steps, .. current.shape])).MoveToOuterDisposeScope();
    }

    Tensor Fire(Tensor current)
    {
        using var scope = NewDisposeScope();
        var spikes = LifGraph.Spikes(current, lif);
        if (pooling is null) return spikes.MoveToOuterDisposeScope();
        var pooled = pooling.forward(spikes.flatten(0, 1));
        return pooled.view([.. spikes.shape[..2], .. pooled.shape[1..]]).MoveToOuterDisposeScope();
    }
}

sealed class PlainLinear : nn.Module<Tensor, Tensor>
{
    readonly LifParameters lif;
    readonly TorchSharp.Modules.Linear linear;
    readonly TorchSharp.Modules.BatchNorm1d norm;

    public PlainLinear(string name, int inputs, int outputs, LifParameters lif) : base(name)
    {
        this.lif = lif;
        linear = nn.Linear(inputs, outputs);
        norm = nn.BatchNorm1d(outputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var rows = norm.forward(linear.forward(input.reshape(-1, input.shape[^1])));
        return LifGraph.Spikes(rows.view([.. input.shape[..^1], rows.shape[1]]), lif).MoveToOuterDisposeScope();
    }
}

sealed class PlainAttention : nn.Module<Tensor, Tensor>
{
    readonly int heads;
    readonly double scale;
    readonly LifParameters lif;
    readonly PlainLinear projections;
    readonly PlainLinear output;

    public PlainAttention(string name, int width, int heads, double scale, LifParameters lif, LifParameters attention) : base(name)
    {
        (this.heads, this.scale, this.lif) = (heads, scale, attention);
        projections = new("qkv", width, 3 * width, lif);
        output = new("output", width, width, lif);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (steps, samples, tokens, width) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3]);
        var parts = projections.forward(input).view(steps * samples, tokens, 3, heads, width / heads).permute(2, 0, 3, 1, 4);
        var mixed = parts[0].matmul(parts[1].transpose(-2, -1).matmul(parts[2])) * scale;
        return output.forward(LifGraph.Spikes(mixed.transpose(1, 2).reshape(steps, samples, tokens, width), lif))
            .MoveToOuterDisposeScope();
    }
}

sealed class PlainBlock : nn.Module<Tensor, Tensor>
{
    readonly PlainAttention attention;
    readonly PlainLinear widen;
    readonly PlainLinear narrow;

    public PlainBlock(string name, TransformerShape shape, double scale, LifParameters lif, LifParameters attentionLif) : base(name)
    {
        attention = new("attention", shape.Width, shape.Heads, scale, lif, attentionLif);
        widen = new("widen", shape.Width, shape.Width * shape.MlpRatio, lif);
        narrow = new("narrow", shape.Width * shape.MlpRatio, shape.Width, lif);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var mixed = input + attention.forward(input);
        return (mixed + narrow.forward(widen.forward(mixed))).MoveToOuterDisposeScope();
    }
}

sealed class PlainReadout : nn.Module<Tensor, Tensor>
{
    readonly TorchSharp.Modules.Linear linear;

    public PlainReadout(int inputs, int classes) : base("readout")
    {
        linear = nn.Linear(inputs, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => linear.forward(input);
}
