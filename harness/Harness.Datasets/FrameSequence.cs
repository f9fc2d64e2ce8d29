namespace Harness.Datasets;

/// <summary>
/// A sequence of frames, axes [step, channel], values 0..255; <paramref name="Label"/> is -1 when withheld. Event recordings in time bins
/// hold counts, images read pixel by pixel hold intensities.
/// </summary>
public sealed record FrameSequence(ReadOnlyMemory<byte> Values, int Steps, int Channels, int Label) : ILabeled;
