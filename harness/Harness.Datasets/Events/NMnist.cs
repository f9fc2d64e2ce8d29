using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Events;

/// <summary>N-MNIST: MNIST digits shown on a screen to a moving event camera, 34 × 34 pixels, three saccades in about 0.3 s.</summary>
public sealed class NMnist : IDataset<EventSample>
{
    const ulong ValidationSeed = 1;
    const int MostBytes = 1 << 20;
    const string Address = "https://www.dropbox.com/sh/tg2ljlbmtzygrag/";

    static readonly EventGeometry Sensor = new(34, 34, 2);

    readonly int _validation;

    NMnist(DatasetCard card, int validation) => (Card, _validation) = (card, validation);

    /// <summary>The whole set, 60 000 and 10 000 recordings, from its two official archives.</summary>
    public static NMnist Full { get; } = new(Describe("nmnist", "N-MNIST", validation: 5000, Counts(55_000, 5000, 10_000)) with
    {
        Files =
        [
            new("nmnist/Train.zip", null, "md5:20959b8e626244a1b502305a9e6e2031", Address + "AABlMOuR15ugeOxMCX0Pvoxga/Train.zip?dl=1"),
            new("nmnist/Test.zip", null, "md5:69ca8762b2fe404d9b9bad1103e97832", Address + "AADSKgJ2CjaBWh75HnTNZyhca/Test.zip?dl=1"),
        ],
    }, validation: 5000);

    /// <summary>The recordings of the first 500 training and 100 test images, in the layout of the whole set.</summary>
    public static NMnist Small { get; } = new(Describe("nmnist-600", "N-MNIST, 600 recordings", validation: 50, Counts(450, 50, 100)) with
    {
        StandIn = true,
        VariantOf = "nmnist@1",
        Files = [new("nmnist/nmnist-500train-100test.tar.gz", 9_803_747,
            "sha256:054daa4ec87a066c721183f35be9e216b89e91daaed0c25dde24a6831d0f60e4")],
    }, validation: 50);

    public DatasetCard Card { get; }

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<EventSample> Read(DirectoryInfo cache, Split split)
    {
        var archive = FileStore.Require(cache, split == Split.Test ? Card.Files[^1] : Card.Files[0]);
        var folder = split == Split.Test ? "Test/" : "Train/";
        bool InFolder(string name) => name.StartsWith(folder, StringComparison.Ordinal) && name.EndsWith(".bin", StringComparison.Ordinal);
        var names = Archive.Names(archive, InFolder).Order(StringComparer.Ordinal).ToArray();
        var held = split == Split.Test ? [] : Held(names);
        return Archive.Shuffled(archive, names.Where(name => split == Split.Test || held.Contains(name) == (split == Split.Validation)),
            seed: 1, MostBytes)
            .Select(file => new EventSample(Aer.Parse(file.Content, Sensor, file.Name), Sensor, Label(file.Name)));
    }

    // By name, so that the part does not depend on the order of the archive.
    HashSet<string> Held(string[] names)
    {
        var labels = names.Select(name => (byte)Label(name)).ToArray();
        return [.. StratifiedSplit.Validation(labels, Math.Min(_validation, names.Length), ValidationSeed).Select(index => names[index])];
    }

    static int Label(string name)
    {
        var parts = name.Split('/');
        return parts.Length == 3 && parts[1].Length == 1 && char.IsAsciiDigit(parts[1][0]) ? parts[1][0] - '0'
            : throw new DataFormatException(name, "its path is not split/label/index.bin");
    }

    static Dictionary<Split, int> Counts(int train, int validation, int test) =>
        new() { [Split.Train] = train, [Split.Validation] = validation, [Split.Test] = test };

    static DatasetCard Describe(string id, string title, int validation, Dictionary<Split, int> counts) => new(id, 1, title)
    {
        Licence = "CC BY-SA 4.0",
        Citation = "Orchard, Jayawant, Cohen, Thakor: Converting static image datasets to spiking neuromorphic datasets using saccades, "
            + "Frontiers in Neuroscience 9, 2015",
        Encoding = "events [event], each: time in µs, address = row · 34 + column on a sensor of 34 × 34 pixels, polarity falling/rising",
        SplitRule = $"official test part; validation: {validation} of the official training part, stratified by class over sorted names, "
            + "seed 1; "
            + "each part shuffled, SplitMix64 seed 1",
        Classes = 10,
        Counts = counts,
        Metrics = ["accuracy@1"],
    };
}
