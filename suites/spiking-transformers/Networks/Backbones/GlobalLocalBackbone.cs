using Harness.Spiking.Counting;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Backbones;

/// <summary>
/// SGLFormer's body and the way its head reads it: not a mean, but for each feature a learned weight of every token and step, and a norm.
/// </summary>
/// <remarks>In STEP 64 tokens have weights, whatever there are: they slide over all tokens, and the results are averaged.</remarks>
sealed class GlobalLocalBackbone : Backbone
{
    readonly MapBackbone body;
    readonly int steps, window;
    readonly OperationLedger ledger;
    readonly Parameter weight, bias;
    readonly TorchSharp.Modules.BatchNorm1d norm;

    /// <param name="window">Tokens with weights of their own.</param>
    public GlobalLocalBackbone(MapBackbone body, int steps, int window, OperationLedger ledger) : base("backbone")
    {
        if (window > body.Grid.Tokens)
            throw new HarnessException($"STEP's SGLFormer weighs {window} tokens, but there are {body.Grid}; raise resolution.");
        (this.body, this.steps, this.window, this.ledger) = (body, steps, window, ledger);
        weight = new(empty(body.Width, window, steps));
        nn.init.uniform_(weight, -1 / Math.Sqrt(window * steps), 1 / Math.Sqrt(window * steps));
        bias = new(zeros(body.Width));
        norm = nn.BatchNorm1d(body.Width);
        RegisterComponents();
    }

    public override int Width => body.Width;

    public override Grid Grid => body.Grid;

    int Places => Grid.Tokens - window + 1;

    public override Tensor Features(Stimulus input) => body.Features(input);

    public override Wire Draw(Sketch sketch, Wire input) => body.Draw(sketch, input);

    public override Tensor Summary(Tensor features)
    {
        using var scope = NewDisposeScope();
        // [samples, width, tokens, steps].
        var x = features.permute(1, 3, 2, 0);
        Operations.Product(ledger, "weighted", features, (double)features.shape[1] * Width * Places * window * steps, 1);
        var windows = x.unfold(2, window, 1).permute(0, 1, 2, 4, 3);
        var weighted = (windows * weight.unsqueeze(1)).sum([3, 4]) + bias.unsqueeze(1);
        return norm.forward(weighted).mean([2]).unsqueeze(0).MoveToOuterDisposeScope();
    }

    public override Wire DrawSummary(Sketch sketch, Wire features)
    {
        WireAxis[] axes = Places == 1 ? [new("width", Width)] : [new("width", Width), new("place", Places)];
        WireAxis[] taps = [new("token", window), new("step", steps)];
        var weighted = sketch.Add(new("weighted", CircuitOperation.Convolution, [features.Name], axes)
        { Contracted = taps, Weights = [new("width", Width), .. taps], Offsets = Width, Detail = "each token and step by its weight" });
        var normed = sketch.Add(new("weighted.norm", CircuitOperation.Normalization, [weighted.Name], axes)
        { Offsets = 2 * Width, Detail = "batch norm" });
        return Places == 1 ? normed : sketch.Mean("weighted.mean", normed, "mean over places", "place");
    }
}
