namespace Harness.Datasets;

/// <summary>A sample whose target is one class.</summary>
public interface ILabeled
{
    /// <summary>The class, 0 or more; -1 when withheld.</summary>
    int Label { get; }
}

/// <summary>An 8-bit image, axes [channel, row, column], values 0..255; <paramref name="Label"/> is -1 when withheld.</summary>
public sealed record LabeledImage(ReadOnlyMemory<byte> Pixels, int Channels, int Height, int Width, int Label) : ILabeled;

/// <summary>A sequence of token ids, axis [position]; <paramref name="Label"/> is -1 when withheld.</summary>
public sealed record TokenSequence(ReadOnlyMemory<int> Tokens, int Label) : ILabeled;

/// <summary>
/// A point, axis [dimension]; <paramref name="Label"/> is its reference cluster, -1 when withheld, <see cref="Noise"/> where the reference
/// says that it belongs to none: scores leave such points out.
/// </summary>
public sealed record LabeledPoint(ReadOnlyMemory<double> Coordinates, int Label)
{
    public const int Noise = -2;

    readonly ReadOnlyMemory<int> _otherLabels;

    /// <summary>Its cluster in each further reference, where a set has several that are equally right. Withheld with the label.</summary>
    public ReadOnlyMemory<int> OtherLabels
    {
        get => Label == -1 ? default : _otherLabels;
        init => _otherLabels = value;
    }
}

/// <summary>The predicted class and its probability (softmax), 0..1.</summary>
public sealed record ClassPrediction(int Label, float Confidence);

/// <summary>The cluster a point is put into; -1 is noise. Numbers are names: only the partition counts.</summary>
public sealed record ClusterPrediction(int Cluster);
