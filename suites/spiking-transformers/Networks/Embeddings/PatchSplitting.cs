using Harness.Spiking.Counting;
using Harness.Spiking.Layers;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Embeddings;

/// <summary>Whether the largest of neighbouring spikes is taken, or the spike of the largest of neighbouring membranes.</summary>
enum PoolOrder
{
    AfterNeurons,
    BeforeNeurons,
}

/// <summary>
/// Spiking patch splitting (Zhou et al., ICLR 2023): four 3x3 convolutions of widths D/8, D/4, D/2, D, each with norm and neurons, some
/// with pooling, and a fifth whose spikes are added as a relative position.
/// </summary>
sealed class PatchSplitting : Embedding
{
    readonly Stage[] patches;
    readonly Layer position;

    sealed record Stage(ConvNeurons? Whole, ConvNorm? Norm, Neurons? Neurons, bool Pool);

    /// <param name="positionFires">False adds the membrane of the fifth convolution, so that tokens are none of counts.</param>
    /// <param name="pools">Which of the four convolutions a pooling follows.</param>
    public PatchSplitting(InputShape input, int width, IReadOnlyList<bool> pools, PoolOrder order, NeuronRules rules,
        OperationLedger ledger, bool positionFires = true) : base("embedding")
    {
        int[] widths = [input.Channels, width / 8, width / 4, width / 2, width];
        patches = [.. Enumerable.Range(0, 4).Select(index =>
        {
            var (name, shape) = ($"patches{index + 1}", new ConvShape(widths[index], widths[index + 1]));
            return pools[index] && order == PoolOrder.BeforeNeurons
                ? new Stage(null, new(name, shape, rules.Unit, ledger), new($"{name}.lif", rules, ledger), true)
                : new Stage(new(name, shape, rules, ledger), null, null, pools[index]);
        })];
        position = positionFires ? new ConvNeurons("position", new(width, width), rules, ledger)
            : new ConvNorm("position", new(width, width), rules.Unit, ledger);
        Grid = pools.Where(pool => pool).Aggregate(input.Grid, (grid, _) => grid.Halved);
        foreach (var (index, stage) in patches.Index())
        {
            if (stage.Whole is { } whole) register_module($"patches{index + 1}", whole);
            if (stage.Norm is { } norm) register_module($"patches{index + 1}", norm);
            if (stage.Neurons is { } neurons) register_module($"neurons{index + 1}", neurons);
        }
        RegisterComponents();
    }

    public override Grid Grid { get; }

    public override Tensor Forward(Stimulus input)
    {
        using var scope = NewDisposeScope();
        var x = input;
        foreach (var stage in patches) x = new(Pass(stage, x), input.Steps, Constant: false);
        var spikes = x.Values;
        return Tokens(spikes + position.forward(spikes)).MoveToOuterDisposeScope();
    }

    static Tensor Pass(Stage stage, Stimulus input)
    {
        if (stage.Whole is not null)
        {
            var spikes = stage.Whole.Forward(input);
            return stage.Pool ? MaxPool.Of(spikes) : spikes;
        }
        return stage.Neurons!.forward(MaxPool.Of(stage.Norm!.Forward(input)));
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        var x = input;
        foreach (var (index, stage) in patches.Index())
        {
            x = (stage.Whole as Layer ?? stage.Norm!).Draw(sketch, x);
            if (stage.Pool) x = sketch.Pool($"pool{index + 1}", x);
            if (stage.Neurons is not null) x = stage.Neurons.Draw(sketch, x);
        }
        return sketch.Tokens("tokens", x, position.Draw(sketch, x));
    }
}
