namespace Harness.Datasets.Events;

/// <summary>What a sensor is: <paramref name="Height"/> × <paramref name="Width"/> addresses, each with 1 or 2 polarities.</summary>
public sealed record EventGeometry(int Height, int Width, int Polarities)
{
    public int Addresses => Height * Width;

    /// <summary>
    /// Channels of a binned frame: falling polarity first, then rising; one block of addresses where there is no polarity.
    /// </summary>
    public int Channels => Addresses * Polarities;

    /// <summary>700 places along a basilar membrane, unit 0 at the highest frequency; no polarity.</summary>
    public static EventGeometry Cochlea { get; } = new(1, 700, 1);
}

/// <summary>A recording of events, sorted by time; <paramref name="Label"/> is -1 when withheld or unknown.</summary>
/// <param name="Group">Who or what must not be split between training and validation, e.g. the speaker; -1 when unknown.</param>
public sealed record EventSample(ReadOnlyMemory<Event> Events, EventGeometry Geometry, int Label, int Group = -1) : ILabeled;
