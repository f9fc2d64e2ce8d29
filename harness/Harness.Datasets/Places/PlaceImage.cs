namespace Harness.Datasets.Places;

/// <summary>
/// A gray image of a place along a route, axes [row, column], values 0..255. <paramref name="Label"/> is the number of the place along the
/// route, -1 when withheld; neighbouring numbers are neighbouring places.
/// </summary>
/// <param name="Frame">Number of the video frame.</param>
public sealed record PlaceImage(ReadOnlyMemory<byte> Pixels, int Height, int Width, int Label, string Season, int Frame) : ILabeled
{
    /// <summary>How many places off an answer still counts.</summary>
    public int Tolerance { get; init; }

    /// <summary>Pixels of what was seen right before, the nearest first; empty where the protocol has single images.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Before { get; init; } = [];
}
