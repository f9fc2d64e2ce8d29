using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Places;

/// <summary>
/// Nordland: a railway filmed in four seasons, so that the same frame number is the same place. Which season is learned and which is asked,
/// how many frames off still counts, which frames are left out and how large images are differ between papers; each choice is a protocol.
/// </summary>
public sealed partial class Nordland : IDataset<PlaceImage>
{
    const int MostImageBytes = 1 << 24;

    readonly string _query;
    readonly string _reference;
    readonly IReadOnlyList<int> _frames;
    readonly int _validation;

    Nordland(DatasetCard card, string reference, string query, IReadOnlyList<int> frames)
    {
        (_reference, _query, _frames, _validation) = (reference, query, frames, frames.Count / 10);
        Card = card with
        {
            Licence = "NRK, a Creative Commons licence (variant not stated with the frames)",
            Citation = "Sünderhauf, Neubert, Protzel: Are we there yet? Challenging SeqSLAM on a 3000 km journey across all four "
                + "seasons, 2013; NRK: Nordlandsbanen",
            Encoding = "uint8 [32 row, 64 column], gray 0..255; label: place along the route, 0 = first frame of the list",
            SplitRule = $"train: the reference season, {frames.Count} places; the query season: validation the first "
                + $"{_validation} places, test the other {frames.Count - _validation}",
            Roles = $"reference (learned): {reference}; query (asked): {query}",
            Classes = frames.Count,
            Metrics = ["recall-at-1@1"],
            Counts = new Dictionary<Split, int>
            {
                [Split.Train] = frames.Count, [Split.Validation] = _validation, [Split.Test] = frames.Count - _validation,
            },
        };
    }

    /// <summary>Summer against winter, every tenth frame: the same frame, 10 s of travel, counts.</summary>
    public static Nordland Small { get; } = Reduced("nordland-64x32", "Nordland, 2761 places", tolerance: 0, variantOf: null);

    /// <summary>The same, one frame (10 s of travel) off still counts.</summary>
    public static Nordland SmallWithinOne { get; } = Reduced("nordland-64x32-t1", "Nordland, 2761 places, within one", tolerance: 1,
        "nordland-64x32@1");

    /// <summary>Every twelfth of these places, 2 minutes of travel apart, as many as small networks learn: the same frame counts.</summary>
    public static Nordland Sparse { get; } = new(Small.Card with
    {
        Id = "nordland-231-64x32", Title = "Nordland, 231 places", VariantOf = "nordland-64x32@1",
        Parameters = new Dictionary<string, string>(Small.Card.Parameters!)
        {
            ["frames"] = "every twelfth of the 2761 frames of nordland-64x32, 231",
        },
    }, "summer", "winter", [.. NordlandFrames.EveryTenth.Where((_, place) => place % 12 == 0)]);

    public static Nordland WithinOne { get; } = Full(1);
    public static Nordland WithinTwo { get; } = Full(2);
    public static Nordland WithinTen { get; } = Full(10);

    public DatasetCard Card { get; }

    /// <summary>How many places off an answer still counts.</summary>
    public int Tolerance { get; private init; }

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<PlaceImage> Read(DirectoryInfo cache, Split split)
    {
        var season = split == Split.Train ? _reference : _query;
        var places = split switch { Split.Train => .._frames.Count, Split.Validation => .._validation, _ => _validation.._frames.Count };
        var file = FileStore.Require(cache, Card.Files[split == Split.Train ? 0 : 1]);
        using var archive = Archive.OpenZip(file);
        var entries = Index(archive, file.FullName);
        foreach (var place in Enumerable.Range(0, _frames.Count).Take(places))
        {
            var frame = _frames[place];
            var entry = entries.GetValueOrDefault(frame) ?? throw new DataFormatException(file.FullName,
                $"it has no images-{frame:00000}.png");
            yield return new(View(Archive.Content(entry, MostImageBytes), entry.FullName), 32, 64, place, season, frame)
            {
                Tolerance = Tolerance,
            };
        }
    }

    static Dictionary<int, ZipArchiveEntry> Index(ZipArchive archive, string name)
    {
        var entries = new Dictionary<int, ZipArchiveEntry>();
        foreach (var entry in archive.Entries)
            if (FrameName().Match(entry.Name) is { Success: true } match
                && !entries.TryAdd(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), entry))
                throw new DataFormatException(name, $"it holds {entry.Name} twice");
        return entries;
    }

    static byte[] View(byte[] content, string name)
    {
        var image = RasterImage.Decode(content, channels: 3, name);
        var gray = PlaceViews.Gray(image);
        if ((image.Height, image.Width) == (32, 64)) return gray;
        var resized = PlaceViews.Resize(Array.ConvertAll(gray, value => (float)value), image.Height, image.Width, 32, 64);
        return Array.ConvertAll(resized, value => (byte)Math.Clamp(MathF.Round(value), 0, 255));
    }

    static Nordland Reduced(string id, string title, int tolerance, string? variantOf) => new(new(id, 1, title)
    {
        Licence = "", Citation = "", Encoding = "", SplitRule = "",
        StandIn = true,
        VariantOf = variantOf,
        Tolerance = Within(tolerance, "frames, each 10 s of travel"),
        Parameters = new Dictionary<string, string>
        {
            ["frames"] = "every tenth of the 27 592 filtered frames, 2761; list sha256 " + SmallList,
            ["resolution"] = "64 × 32 pixels, gray", ["patch-normalisation"] = "none: left to the model",
        },
        Files =
        [
            new("nordland/nordland-64x32-gray-summer-2761.zip", 4_141_763,
                "sha256:ebb32469ab623fceb20810804cc7c058c4296012b53ae3ad41a037cfdf4c968c"),
            new("nordland/nordland-64x32-gray-winter-2761.zip", 4_065_772,
                "sha256:07cab6ad4e6e056c173ca5af660ba192f0af3a6d3f647d05318ffde4ba7effee"),
        ],
    }, "summer", "winter", NordlandFrames.EveryTenth) { Tolerance = tolerance };

    static Nordland Full(int tolerance) => new(new($"nordland-t{tolerance}", 0,
        $"Nordland, 27 592 places, within {tolerance}")
    {
        Licence = "", Citation = "", Encoding = "", SplitRule = "",
        VariantOf = tolerance == 1 ? null : "nordland-t1@0",
        Tolerance = Within(tolerance, "frames, each 1 s of travel"),
        Parameters = new Dictionary<string, string>
        {
            ["frames"] = "27 592 filtered frames at 1 per second, images-00202 to images-35582; list sha256 " + FullList,
            ["resolution"] = "64 × 32 pixels, gray, bilinear from the frame", ["patch-normalisation"] = "none: left to the model",
        },
        Files = [new("nordland/summer.zip", null, null), new("nordland/winter.zip", null, null)],
    }, "summer", "winter", NordlandFrames.Filtered) { Tolerance = tolerance };

    const string FullList = "5f74d2dc7bb3ad4a452ec722c47482fb9d95ab3e0f15513b6ddf437157f914c2";
    const string SmallList = "390d4926c66ec6b1f8af726ba338184810f650f1b81855cdac9dcc0d9c7df70e";

    static string Within(int tolerance, string unit) => tolerance == 0 ? "none: the same frame"
        : $"within {tolerance} {unit}, either way";

    [GeneratedRegex(@"^images-(\d{5})\.png$")] private static partial Regex FrameName();
}
