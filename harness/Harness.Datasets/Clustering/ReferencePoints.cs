using Harness.Datasets.Sources;

namespace Harness.Datasets.Clustering;

/// <summary>
/// Points with reference clusters from files. Transductive, as usual in clustering: every split gives the same points in the same seeded
/// order, and targets are withheld from families.
/// </summary>
public sealed class ReferencePoints : IDataset<LabeledPoint>
{
    internal const string SplitRule =
        "transductive: every split holds the same points, shuffled with SplitMix64 seed 1, targets withheld from families; "
        + "points that the reference calls noise are not scored";

    readonly Func<DirectoryInfo, IEnumerable<LabeledPoint>> _read;

    /// <param name="read">All points in file order, from the cache.</param>
    internal ReferencePoints(DatasetCard card, Func<DirectoryInfo, IEnumerable<LabeledPoint>> read) => (Card, _read) = (card, read);

    public DatasetCard Card { get; }

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<LabeledPoint> Read(DirectoryInfo cache, Split split)
    {
        var points = _read(cache).ToArray();
        new Chance(1).Shuffle(points.AsSpan());
        return points;
    }

    internal static Dictionary<Split, int> Counts(int points) => Enum.GetValues<Split>().ToDictionary(split => split, _ => points);
}
