namespace Harness.Datasets.Places;

/// <summary>
/// The frames of Nordland that place recognition uses: 27 592 of about 35 768 at one a second, without tunnels and stations, as VPRTempo
/// and
/// VPRSNN list them (images-00202.png to images-35582.png).
/// </summary>
public static class NordlandFrames
{
    /// <summary>Frame numbers, ascending.</summary>
    public static IReadOnlyList<int> Filtered { get; } = [.. Listing.Read("nordland.tsv")
        .SelectMany(range => Enumerable.Range(Listing.Whole(range[0]), Listing.Whole(range[1]) - Listing.Whole(range[0]) + 1))];

    /// <summary>Every tenth frame of the video that is in the list: 2761.</summary>
    public static IReadOnlyList<int> EveryTenth { get; } = [.. Filtered.Where(frame => frame % 10 == 0)];
}
