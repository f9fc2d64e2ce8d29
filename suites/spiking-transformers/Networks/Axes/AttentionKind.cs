namespace Suites.SpikingTransformers.Networks.Axes;

/// <summary>How tokens exchange what they know.</summary>
public enum AttentionKind
{
    /// <summary>Spiking self-attention, scale q k^T v (Spikformer).</summary>
    Ssa,
    /// <summary>Spike-driven self-attention, q masked by the columns where k and v meet (Spike-driven Transformer).</summary>
    Sdsa,
    /// <summary>SSA whose projections are re-parameterised 3x3 convolutions (Meta-SpikeFormer).</summary>
    Sdsa3,
    /// <summary>Tokens of k chosen by the sum of q (QKFormer).</summary>
    Qk,
    /// <summary>A control: SSA whose queries and keys are random projections that nothing learns.</summary>
    Random,
    /// <summary>The same control of SDSA.</summary>
    RandomSdsa,
}
