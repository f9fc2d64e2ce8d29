
namespace Harness.Datasets.Events;

/// <summary>An event dataset as frames of a fixed time bin: a protocol of its own, because the bin decides what a model can see.</summary>
/// <param name="source">Gives the recordings, splits and files.</param>
/// <param name="suffix">Is appended to the id of the source.</param>
public sealed class BinnedEvents(IDataset<EventSample> source, string suffix, EventBins bins) : IDataset<FrameSequence>
{
    /// <summary>One second of sound in 20 bins, 20 neighbouring places a channel: small enough for a linear read-out.</summary>
    static readonly EventBins Coarse = new(Count: 20, Microseconds: 50_000, AddressGroup: 20);

    /// <summary>One second of sound in 50 bins, 10 neighbouring places a channel: what networks that read step by step are given.</summary>
    static readonly EventBins Medium = new(Count: 50, Microseconds: 20_000, AddressGroup: 10);

    /// <summary>Spoken digits of known speakers, coarsely.</summary>
    public static BinnedEvents SpokenDigits { get; } = new(ShdLike.Spoken, "50ms", Coarse);

    /// <summary>Spoken digits of speakers that training never heard, coarsely.</summary>
    public static BinnedEvents SpokenDigitsByOthers { get; } = new(ShdLike.SpokenByOthers, "50ms", Coarse);

    /// <summary>Spiking Heidelberg Digits, where their files are to be had, and the stand-ins for them, all in the same bins.</summary>
    public static IReadOnlyList<BinnedEvents> StepByStep { get; } =
        [new(new Shd(), "20ms", Medium), new(ShdLike.Spoken, "20ms", Medium), new(ShdLike.SpokenByOthers, "20ms", Medium)];

    public EventBins Bins { get; } = bins;

    public DatasetCard Card { get; } = source.Card with
    {
        Id = $"{source.Card.Id}-{suffix}",
        Title = $"{source.Card.Title}, in bins of {bins.Microseconds / 1000.0} ms",
        Encoding = $"uint8 [{bins.Count} bin of {bins.Microseconds} µs, channel], events per bin and channel, saturating at 255; from: "
                + $"{source.Card.Encoding}",
        VariantOf = source.Card.Protocol,
        Parameters = new Dictionary<string, string>(source.Card.Parameters ?? new Dictionary<string, string>())
        {
            ["time-bin"] = $"{bins.Microseconds} µs",
            ["cut-off"] = $"{(long)bins.Count * bins.Microseconds} µs",
            ["address-group"] = $"{bins.AddressGroup}",
            ["count"] = bins.Binary ? "0 or 1" : "number of events",
        },
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => source.FetchAsync(cache, cancellation);

    public IEnumerable<FrameSequence> Read(DirectoryInfo cache, Split split) => source.Read(cache, split).Select(Bins.Frames);
}
