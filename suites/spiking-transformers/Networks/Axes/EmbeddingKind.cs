namespace Suites.SpikingTransformers.Networks.Axes;

/// <summary>What makes tokens of an input.</summary>
public enum EmbeddingKind
{
    /// <summary>Spiking patch splitting: four 3x3 convolutions, 4x4 pixels a token, a fifth for the position.</summary>
    Sps,
    /// <summary>One 4x4 convolution of stride 4, and a learned position.</summary>
    OneConv,
    /// <summary>Two 3x3 convolutions, each with pooling, a third for the position.</summary>
    TwoConv,
    /// <summary>Four convolutions along a sequence; at most 64 tokens.</summary>
    Sequence,
    /// <summary>Spiking patch splitting with four poolings, 16x16 pixels a token: for event cameras.</summary>
    Event,
}
