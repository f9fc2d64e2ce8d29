using Harness.Spiking.Counting;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Embeddings;

/// <summary>Makes tokens of an input: [steps, samples, tokens, width].</summary>
abstract class Embedding(string name) : nn.Module(name)
{
    public abstract Grid Grid { get; }

    public abstract Tensor Forward(Stimulus input);

    public abstract Wire Draw(Sketch sketch, Wire input);

    /// <exception cref="HarnessException">The kind is none for such an input; the message says which are.</exception>
    public static Embedding Of(EmbeddingKind kind, InputShape input, int width, NeuronRules rules, OperationLedger ledger)
    {
        if (input.IsSequence != (kind == EmbeddingKind.Sequence))
            throw new HarnessException(input.IsSequence
                ? $"A sequence of {input.Grid.Columns} values has no rows for embedding {kind}; set embedding to sequence."
                : $"Images of {input.Grid} pixels are no sequence; set embedding to sps, one_conv, two_conv or event.");
        return kind switch
        {
            EmbeddingKind.Sps => new PatchSplitting(input, width, [false, false, true, true], PoolOrder.AfterNeurons, rules, ledger),
            EmbeddingKind.Event => new PatchSplitting(input, width, [true, true, true, true], PoolOrder.AfterNeurons, rules, ledger),
            EmbeddingKind.TwoConv => new TwoConvolutions(input, width, rules, ledger),
            EmbeddingKind.OneConv => new OneConvolution(input, width, rules, ledger),
            _ => new SequenceConvolutions(input, width, rules, ledger),
        };
    }

    /// <summary>Of a family that has its own tokens of images; sequences get those of any family.</summary>
    /// <param name="kind">In place of the family's own, or null.</param>
    public static Embedding OrSequence(EmbeddingKind? kind, InputShape input, int width, NeuronRules rules, OperationLedger ledger,
        Func<Embedding> own) => kind is { } chosen ? Of(chosen, input, width, rules, ledger)
            : input.IsSequence ? new SequenceConvolutions(input, width, rules, ledger) : own();

    /// <exception cref="HarnessException">The input is a sequence, or other tokens are asked for.</exception>
    public static void RefuseSequence(FamilyCard family, InputShape input, EmbeddingKind? kind)
    {
        if (input.IsSequence || kind is not null)
            throw new HarnessException($"{family.Title} makes its tokens stage by stage on a map: it takes images or frames with rows and "
                + "columns, and no other embedding. For sequences choose spikformer, spikingformer, sdt, semm or cml.");
    }

    protected void Register(params IEnumerable<nn.Module> parts)
    {
        foreach (var part in parts) register_module(part.GetName(), part);
        RegisterComponents();
    }

    /// <summary>[steps, samples, channels, rows, columns] to [steps, samples, tokens, channels].</summary>
    protected static Tensor Tokens(Tensor map) => Layout.Tokens(map);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var part in children()) part.Dispose();
        base.Dispose(disposing);
    }
}
