using Harness.Spiking.Counting;
using Harness.Spiking.Layers;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Embeddings;

/// <summary>STEP's shorter patch splitting: 3x3 convolutions of widths D/4 and D, each with pooling, and one for the position.</summary>
sealed class TwoConvolutions : Embedding
{
    readonly ConvNeurons first, second, position;

    public TwoConvolutions(InputShape input, int width, NeuronRules rules, OperationLedger ledger) : base("embedding")
    {
        first = new("patches1", new(input.Channels, width / 4), rules, ledger);
        second = new("patches2", new(width / 4, width), rules, ledger);
        position = new("position", new(width, width), rules, ledger);
        Grid = input.Grid.Halved.Halved;
        Register();
    }

    public override Grid Grid { get; }

    public override Tensor Forward(Stimulus input)
    {
        using var scope = NewDisposeScope();
        var spikes = MaxPool.Of(second.forward(MaxPool.Of(first.Forward(input))));
        return Tokens(spikes + position.forward(spikes)).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        var x = sketch.Pool("pool2", second.Draw(sketch, sketch.Pool("pool1", first.Draw(sketch, input))));
        return sketch.Tokens("tokens", x, position.Draw(sketch, x));
    }
}
