using System.Globalization;

namespace Harness.Datasets.Places;

/// <summary>A route whose every image comes with those that were seen right before it in the same part and season.</summary>
public sealed class Traverse : IDataset<PlaceImage>
{
    readonly IDataset<PlaceImage> _source;
    readonly int _length;

    /// <param name="length">Images of a sequence, the one that is asked about included; fewer at its beginning.</param>
    public Traverse(IDataset<PlaceImage> source, int length)
    {
        (_source, _length) = (source, length);
        Card = source.Card with
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{source.Card.Id}-seq{length}"),
            Title = string.Create(CultureInfo.InvariantCulture, $"{source.Card.Title}, sequences of {length}"),
            Encoding = string.Create(CultureInfo.InvariantCulture, $"{source.Card.Encoding}; with each image up to {length - 1} that were "
                + $"seen right before it, the nearest first"),
            VariantOf = source.Card.Protocol,
            Parameters = new Dictionary<string, string>(source.Card.Parameters ?? new Dictionary<string, string>())
            {
                ["sequence"] = length.ToString(CultureInfo.InvariantCulture),
            },
        };
    }

    /// <summary>Sequences of ten.</summary>
    public static IReadOnlyList<Traverse> All { get; } =
        [new(Corridor.Of200, 10), new(Nordland.Sparse, 10), new(Nordland.Small, 10)];

    public DatasetCard Card { get; }

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => _source.FetchAsync(cache, cancellation);

    public IEnumerable<PlaceImage> Read(DirectoryInfo cache, Split split)
    {
        var (season, seen) = ("", new List<ReadOnlyMemory<byte>>());
        foreach (var image in _source.Read(cache, split))
        {
            if (image.Season != season) seen.Clear();
            season = image.Season;
            yield return image with { Before = [.. seen] };
            seen.Insert(0, image.Pixels);
            if (seen.Count == _length) seen.RemoveAt(_length - 1);
        }
    }
}
