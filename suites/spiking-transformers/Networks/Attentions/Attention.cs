using Harness.Spiking.Counting;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Attentions;

/// <summary>What a residual adds up.</summary>
enum Residual
{
    /// <summary>Spikes: parts end with neurons, tokens are counts (Spikformer).</summary>
    Spikes,
    /// <summary>Membranes: parts begin with neurons and end with a norm (Spikingformer, Spike-driven Transformer).</summary>
    Membranes,
}

/// <summary>An attention of any kind: neurons where tokens are membranes, projections, the mixing, a projection of its result.</summary>
sealed class Attention : Layer
{
    readonly Neurons? before;
    readonly Layer projection;
    readonly Mixer mixer;
    readonly Layer output;

    Attention(Neurons? before, Layer projection, Mixer mixer, Layer output) : base("attention")
    {
        (this.before, this.projection, this.mixer, this.output) = (before, projection, mixer, output);
        Register();
    }

    /// <exception cref="HarnessException">Heads cannot be of equal width, or the kind needs a map and tokens have none.</exception>
    public static Attention Of(AttentionKind kind, Residual residual, string layer, AttentionShape shape, NeuronRules rules,
        OperationLedger ledger)
    {
        if (shape.Width % shape.Heads != 0)
            throw new HarnessException($"A width of {shape.Width} cannot be split into {shape.Heads} heads of equal width.");
        if (kind == AttentionKind.Sdsa3 && shape.Grid is { Rows: 1, Columns: > 1 })
            throw new HarnessException("Attention sdsa3 convolves tokens in their places on a map, and those of a sequence have none; "
                + "choose another.");
        var input = residual == Residual.Membranes ? new Neurons($"{layer}.input", rules, ledger) : null;
        var projected = Projection(kind, $"{layer}.qkv", shape, rules, ledger);
        Mixer mixing = kind switch
        {
            AttentionKind.Sdsa or AttentionKind.RandomSdsa => new MaskMixer(layer, shape, rules, ledger),
            AttentionKind.Qk => new ChoiceMixer(layer, shape, rules, ledger),
            _ => new SpikingMixer(layer, shape, rules, ledger),
        };
        return new(input, projected, mixing, Output(kind, residual, $"{layer}.output", shape, rules, ledger));
    }

    /// <summary>SSA with STEP's queries in place of keys and values; residuals add spikes.</summary>
    public static Attention Repeated(string layer, AttentionShape shape, NeuronRules rules, OperationLedger ledger) => new(null,
        new RepeatedProjection($"{layer}.qkv", shape.Width, rules, ledger), new SpikingMixer(layer, shape, rules, ledger),
        Output(AttentionKind.Ssa, Residual.Spikes, $"{layer}.output", shape, rules, ledger));

    /// <summary>SSA whose queries remember earlier steps; residuals add spikes.</summary>
    public static Attention Temporal(string layer, AttentionShape shape, double share, NeuronRules rules,
        OperationLedger ledger) => new(null,
        Projection(AttentionKind.Ssa, $"{layer}.qkv", shape, rules, ledger), new TemporalMixer(layer, shape, share, rules, ledger),
        Output(AttentionKind.Ssa, Residual.Spikes, $"{layer}.output", shape, rules, ledger));

    static Layer Projection(AttentionKind kind, string layer, AttentionShape shape, NeuronRules rules,
        OperationLedger ledger) => kind switch
    {
        AttentionKind.Random or AttentionKind.RandomSdsa => new FrozenProjection(layer, shape, rules, ledger),
        AttentionKind.Sdsa3 => new RepProjection(layer, shape, rules, ledger),
        // One matrix for all parts: outputs and their norms are independent, so it equals several.
        _ => new DenseNeurons(layer, shape.Width, (kind == AttentionKind.Qk ? 2 : 3) * shape.Width, rules, ledger, shape.Bias),
    };

    static Layer Output(AttentionKind kind, Residual residual, string layer, AttentionShape shape, NeuronRules rules,
        OperationLedger ledger) => kind == AttentionKind.Sdsa3 ? new RepUnit(layer, shape, rules, residual == Residual.Spikes, ledger)
        : residual == Residual.Spikes ? new DenseNeurons(layer, shape.Width, shape.Width, rules, ledger,
            shape.OutputBias)
        : new DenseNorm(layer, shape.Width, shape.Width, rules.Unit * (IsMask(kind) ? rules.Unit : 1), ledger, shape.OutputBias);

    // Masks multiply spikes: of neurons that emit parts of one, the product is of smaller parts.
    static bool IsMask(AttentionKind kind) => kind is AttentionKind.Sdsa or AttentionKind.RandomSdsa or AttentionKind.Qk;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = before is null ? input : before.forward(input);
        return output.forward(mixer.forward(projection.forward(x))).MoveToOuterDisposeScope();
    }

    public override Wire Draw(Sketch sketch, Wire input)
    {
        var x = before is null ? input : before.Draw(sketch, input);
        return output.Draw(sketch, mixer.Draw(sketch, projection.Draw(sketch, x)));
    }
}
