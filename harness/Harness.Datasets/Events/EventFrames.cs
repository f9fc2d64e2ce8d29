namespace Harness.Datasets.Events;

/// <summary>Frames of an event camera, axes [step, channel, row, column]: events per bin, 0..255, falling and rising apart.</summary>
public sealed record FrameImages(ReadOnlyMemory<byte> Values, int Steps, int Channels, int Height, int Width, int Label) : ILabeled;

/// <summary>A dataset of an event camera as frames of a fixed time bin.</summary>
public sealed class EventFrames(IDataset<EventSample> source, string suffix, EventBins bins) : IDataset<FrameImages>
{
    // Three saccades in 0.3 s.
    static readonly EventBins Saccades = new(Count: 4, Microseconds: 75_000);

    /// <summary>N-MNIST, 600 recordings, in four frames.</summary>
    public static EventFrames NMnistSmall { get; } = new(NMnist.Small, "4f", Saccades);

    /// <summary>N-MNIST in four frames.</summary>
    public static EventFrames NMnistFull { get; } = new(NMnist.Full, "4f", Saccades);

    public DatasetCard Card { get; } = source.Card with
    {
        Id = $"{source.Card.Id}-{suffix}",
        Title = $"{source.Card.Title}, in {bins.Count} frames",
        Encoding = $"uint8 [{bins.Count} frame of {bins.Microseconds} µs, 2 polarity, row, column], events per pixel, saturating at 255; "
            + $"from: {source.Card.Encoding}",
        VariantOf = source.Card.Protocol,
        Parameters = new Dictionary<string, string>(source.Card.Parameters ?? new Dictionary<string, string>())
        {
            ["time-bin"] = $"{bins.Microseconds} µs", ["cut-off"] = $"{(long)bins.Count * bins.Microseconds} µs",
        },
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => source.FetchAsync(cache, cancellation);

    public IEnumerable<FrameImages> Read(DirectoryInfo cache, Split split) => source.Read(cache, split).Select(Frames);

    FrameImages Frames(EventSample sample)
    {
        var frames = bins.Frames(sample);
        var geometry = sample.Geometry;
        return new(frames.Values, frames.Steps, geometry.Polarities, geometry.Height, frames.Channels / geometry.Polarities
            / geometry.Height, sample.Label);
    }
}
