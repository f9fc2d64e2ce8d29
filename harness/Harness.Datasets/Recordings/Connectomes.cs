using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Recordings;

/// <summary>Connectomes of the worm C. elegans, one sample each.</summary>
public sealed class Connectomes : IDataset<Connectome>
{
    readonly Func<DirectoryInfo, IReadOnlyList<DataFile>, Connectome> _read;

    Connectomes(string id, string title, string citation, string what, Func<DirectoryInfo, IReadOnlyList<DataFile>, Connectome> read,
        params DataFile[] files)
    {
        _read = read;
        Card = new(id, 1, title)
        {
            Licence = "none stated; cite the paper",
            Citation = citation,
            Encoding = $"graph [cell], [connection]: from, to, chemical or electrical, number of synapses; {what}",
            SplitRule = "train: the one connectome; no validation or test part",
            Counts = new Dictionary<Split, int> { [Split.Train] = 1, [Split.Validation] = 0, [Split.Test] = 0 },
            Files = files,
        };
    }

    /// <summary>279 neurons of the hermaphrodite.</summary>
    public static Connectomes Varshney { get; } = new("celegans-varshney", "C. elegans, 279 neurons",
        "Varshney, Chen, Paniagua, Hall, Chklovskii: Structural properties of the C. elegans neuronal network, 2011",
            "279 cells, 3225 connections", ReadVarshney,
        new DataFile("celegans/varshney2011_cells.csv", 6342, "sha256:fd0750053257526c7ff5c94a1fdd87db805c82238dbce9f3844647d14b0e9fd7"),
        new DataFile("celegans/varshney2011_synapses.csv", 39_089,
            "sha256:2563816e34bcf1501075b5fddf87cbd337f102be60090477ddc7c9b001c446f2"));

    /// <summary>The whole animal with its muscles.</summary>
    public static Connectomes White { get; } = new("celegans-white", "C. elegans, whole animal",
        "White, Southgate, Thomson, Brenner: The structure of the nervous system of the nematode C. elegans, 1986",
            "muscles among the cells", ReadEdges,
        new DataFile("celegans/white_1986_whole_edges.csv", 88_493,
            "sha256:c68ffc97f41c15c4865e623f82822a5e0c7bd6010cfe601879f2fcae4686ebac"));

    /// <summary>The brain of an adult, the eighth of a series over development.</summary>
    public static Connectomes Witvliet { get; } = new("celegans-witvliet-8", "C. elegans, adult brain",
        "Witvliet et al.: Connectomes across development reveal principles of brain maturation, Nature 596, 2021", "data set 8", ReadEdges,
        new DataFile("celegans/witvliet_2020_8_edges.csv", 70_753,
            "sha256:8b6ad4454e49e6337540e48a0cbba1adb3b351317d490631f6812f569a13cc1c"));

    public static IReadOnlyList<Connectomes> All { get; } = [Varshney, White, Witvliet];

    public DatasetCard Card { get; }

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<Connectome> Read(DirectoryInfo cache, Split split) => split == Split.Train ? [_read(cache, Card.Files)] : [];

    static Connectome ReadVarshney(DirectoryInfo cache, IReadOnlyList<DataFile> files)
    {
        using var cellText = FileStore.Require(cache, files[0]).OpenText();
        var cells = Table.Fields(cellText, files[0].Name, "cell_id", "cell_name", "cell_class", "soma_pos", "neurotransmitters", "role")
            .ToArray();
        var places = cells.Select((fields, place) => (Id: Table.Whole(fields[0], files[0].Name), place)).ToDictionary(cell => cell.Id,
            cell => cell.place);
        int Place(string id) => places.TryGetValue(Table.Whole(id, files[1].Name), out var place) ? place
            : throw new DataFormatException(files[1].Name, $"it names cell {id}, which is absent");
        using var text = FileStore.Require(cache, files[1]).OpenText();
        return new("varshney-2011", [.. cells.Select(fields => fields[1])],
            [.. Table.Fields(text, files[1].Name, "from_id", "to_id", "synapse_type", "count").Select(fields =>
                new Connection(Place(fields[0]), Place(fields[1]), IsElectrical(fields[2], "E", "C", files[1].Name),
                    Table.Whole(fields[3], files[1].Name)))]);
    }

    static Connectome ReadEdges(DirectoryInfo cache, IReadOnlyList<DataFile> files)
    {
        using var text = FileStore.Require(cache, files[0]).OpenText();
        var rows = Table.Fields(text, files[0].Name, "pre", "post", "type", "synapses", "size_sum").ToArray();
        var cells = rows.SelectMany(fields => new[] { fields[0], fields[1] }).Distinct().Order(StringComparer.Ordinal).ToArray();
        var places = cells.Select((name, place) => (name, place)).ToDictionary(cell => cell.name, cell => cell.place);
        return new(Path.GetFileNameWithoutExtension(files[0].Name), cells,
            [.. rows.Select(fields => new Connection(places[fields[0]], places[fields[1]],
            IsElectrical(fields[2], "electrical", "chemical", files[0].Name), Table.Whole(fields[3], files[0].Name)))]);
    }

    static bool IsElectrical(string word, string electrical, string chemical, string name) =>
        word == electrical || (word == chemical ? false
        : throw new DataFormatException(name, $"a connection is '{word}'; allowed are {electrical} and {chemical}"));
}
