using Harness.Spiking.Counting;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Embeddings;

/// <summary>
/// A vision transformer's patches: one 4x4 convolution of stride 4, norm, neurons, and a learned number per token and feature, so that
/// tokens are no spikes. STEP has it without the norm, where hardly a neuron fires at first.
/// </summary>
sealed class OneConvolution : Embedding
{
    const int Side = 4;

    readonly ConvNeurons patches;
    readonly Parameter place;

    public OneConvolution(InputShape input, int width, NeuronRules rules, OperationLedger ledger) : base("embedding")
    {
        var shape = new ConvShape(input.Channels, width, Side, Side, Pad: 0);
        Grid = shape.Places(input.Grid);
        if (Grid.Rows < 1 || Grid.Columns < 1)
            throw new HarnessException($"Images of {input.Grid} pixels have no patch of {Side}x{Side}; set resolution to {Side} or more.");
        patches = new("patches", shape, rules, ledger);
        place = new(zeros(Grid.Tokens, width));
        Register();
    }

    public override Grid Grid { get; }

    public override Tensor Forward(Stimulus input)
    {
        using var scope = NewDisposeScope();
        return (Tokens(patches.Forward(input)) + place).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        var tokens = sketch.Tokens("tokens", patches.Draw(sketch, input));
        return sketch.Add(new("place", CircuitOperation.Elementwise, [tokens.Name], tokens.Axes)
        { Offsets = checked((int)place.numel()), Detail = "add a learned number" });
    }
}
