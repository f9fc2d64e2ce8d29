using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Images;

/// <summary>CIFAR-10 from its official binary archive: records of a label byte and 3072 pixels, red, green, then blue plane.</summary>
public sealed class Cifar10 : IDataset<LabeledImage>
{
    const int Side = 32;
    const int RecordBytes = 1 + 3 * Side * Side;
    const int ValidationSize = 5000;
    const string Folder = "cifar-10-batches-bin/";

    public DatasetCard Card { get; } = new("cifar10", 1, "CIFAR-10")
    {
        Licence = "none stated; cite the report",
        Citation = "Krizhevsky: Learning multiple layers of features from tiny images, technical report, 2009",
        Encoding = "uint8 [3 channel (red, green, blue), 32 row, 32 column], intensity 0..255",
        SplitRule = "official test batch; validation: the last 5000 of the official training batches (Long Range Arena's train[90%:]); "
            + "train: the rest",
        Classes = 10,
        Metrics = ["accuracy@1"],
        Counts = new Dictionary<Split, int> { [Split.Train] = 45_000, [Split.Validation] = ValidationSize, [Split.Test] = 10_000 },
        Files =
        [
            new("cifar10/cifar-10-binary.tar.gz", 170_052_171, "sha256:c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
                "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
        ],
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<LabeledImage> Read(DirectoryInfo cache, Split split) => Read(FileStore.Require(cache, Card.Files[0]), split);

    internal static IEnumerable<LabeledImage> Read(FileInfo archive, Split split)
    {
        if (split == Split.Test) return Batch(archive, "test_batch");
        var training = Enumerable.Range(1, 5)
            .SelectMany(number => Batch(archive, $"data_batch_{number}"));
        return split == Split.Train ? training.SkipLast(ValidationSize) : training.TakeLast(ValidationSize);
    }

    static IEnumerable<LabeledImage> Batch(FileInfo archive, string name)
    {
        var file = Archive.Files(archive, entry => entry == $"{Folder}{name}.bin", limit: 1 << 28).FirstOrDefault()
            ?? throw new DataFormatException(archive.FullName, $"it has no {Folder}{name}.bin");
        if (file.Content.Length % RecordBytes != 0)
            throw new DataFormatException(file.Name, $"{file.Content.Length} bytes are not a whole number of records of {RecordBytes}");
        for (var at = 0; at < file.Content.Length; at += RecordBytes)
        {
            if (file.Content[at] > 9) throw new DataFormatException(file.Name,
                $"record {at / RecordBytes} has the label {file.Content[at]}; allowed are 0 to 9");
            yield return new(file.Content.AsMemory(at + 1, RecordBytes - 1), 3, Side, Side, file.Content[at]);
        }
    }
}
