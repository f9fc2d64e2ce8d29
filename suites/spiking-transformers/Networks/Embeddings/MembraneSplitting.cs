using Harness.Spiking.Counting;
using Harness.Spiking.Layers;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Embeddings;

/// <summary>
/// Spikingformer's tokenizer (Zhou et al., 2023): every convolution reads spikes and leaves a membrane. C3-BN, then four times SN-C3-BN of
/// widths D/8, D/4, D/2, D, D; the last two pool before they convolve, either spikes or, by CML, membranes.
/// </summary>
sealed class MembraneSplitting : Embedding
{
    const int FirstPooled = 3;

    readonly PoolOrder order;
    readonly ConvNorm[] patches;
    readonly Neurons[] neurons;

    public MembraneSplitting(InputShape input, int width, PoolOrder order, NeuronRules rules, OperationLedger ledger) : base("embedding")
    {
        this.order = order;
        int[] widths = [input.Channels, width / 8, width / 4, width / 2, width, width];
        patches = [.. Enumerable.Range(0, 5)
            .Select(index => new ConvNorm($"patches{index + 1}", new(widths[index], widths[index + 1]), rules.Unit, ledger))];
        neurons = [.. Enumerable.Range(1, 4).Select(index => new Neurons($"neurons{index}", rules, ledger))];
        Grid = input.Grid.Halved.Halved;
        Register([.. patches, .. neurons]);
    }

    public override Grid Grid { get; }

    public override Tensor Forward(Stimulus input)
    {
        using var scope = NewDisposeScope();
        var x = patches[0].Forward(input);
        for (var index = 1; index < patches.Length; index++)
        {
            if (index >= FirstPooled && order == PoolOrder.BeforeNeurons) x = MaxPool.Of(x);
            x = neurons[index - 1].forward(x);
            if (index >= FirstPooled && order == PoolOrder.AfterNeurons) x = MaxPool.Of(x);
            x = patches[index].forward(x);
        }
        return Tokens(x).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        var x = patches[0].Draw(sketch, input);
        for (var index = 1; index < patches.Length; index++)
        {
            if (index >= FirstPooled && order == PoolOrder.BeforeNeurons) x = sketch.Pool($"pool{index}", x);
            x = neurons[index - 1].Draw(sketch, x);
            if (index >= FirstPooled && order == PoolOrder.AfterNeurons) x = sketch.Pool($"pool{index}", x);
            x = patches[index].Draw(sketch, x);
        }
        return sketch.Tokens("tokens", x);
    }
}
