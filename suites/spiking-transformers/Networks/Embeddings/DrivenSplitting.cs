using Harness.Spiking.Counting;
using Harness.Spiking.Layers;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Embeddings;

/// <summary>
/// The tokens of the spike-driven transformer (Yao et al., NeurIPS 2023): three times C3-BN-SN of widths D/8, D/4, D/2, the third with
/// pooling; C3-BN with pooling leaves a membrane, to which a fifth convolution of its spikes is added as a relative position.
/// </summary>
sealed class DrivenSplitting : Embedding
{
    readonly ConvNeurons[] patches;
    readonly ConvNorm last, position;
    readonly Neurons neurons;

    public DrivenSplitting(InputShape input, int width, NeuronRules rules, OperationLedger ledger) : base("embedding")
    {
        int[] widths = [input.Channels, width / 8, width / 4, width / 2];
        patches = [.. Enumerable.Range(0, 3)
            .Select(index => new ConvNeurons($"patches{index + 1}", new(widths[index], widths[index + 1]), rules, ledger))];
        last = new("patches4", new(width / 2, width), rules.Unit, ledger);
        neurons = new("neurons", rules, ledger);
        position = new("position", new(width, width), rules.Unit, ledger);
        Grid = input.Grid.Halved.Halved;
        Register(patches);
    }

    public override Grid Grid { get; }

    public override Tensor Forward(Stimulus input)
    {
        using var scope = NewDisposeScope();
        var x = MaxPool.Of(patches[2].forward(patches[1].forward(patches[0].Forward(input))));
        x = MaxPool.Of(last.forward(x));
        return Tokens(x + position.forward(neurons.forward(x))).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        var x = patches.Aggregate(input, (wire, patch) => patch.Draw(sketch, wire));
        x = sketch.Pool("pool4", last.Draw(sketch, sketch.Pool("pool3", x)));
        return sketch.Tokens("tokens", x, position.Draw(sketch, neurons.Draw(sketch, x)));
    }
}
