namespace Harness.Datasets;

/// <summary>MNIST: handwritten digits, 60 000 for training and 10 000 for testing.</summary>
public sealed class Mnist : IDataset<LabeledImage>
{
    const string Address = "https://ossci-datasets.s3.amazonaws.com/mnist/";

    readonly IdxImages _images;

    public Mnist() => _images = new(Card, package: null);

    public DatasetCard Card { get; } = new("mnist", 1, "MNIST handwritten digits")
    {
        Licence = "CC BY-SA 3.0 (as commonly stated; the original page names none)",
        Citation = "LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition, Proc. IEEE 86(11), 1998",
        Encoding = "uint8 [1, 28, 28], intensity 0..255, black background",
        SplitRule = IdxImages.SplitRule,
        Classes = 10,
        Axes = [new("channel", 1), new("row", 28), new("column", 28)],
        Counts = IdxImages.Counts,
        Files =
        [
            File("train-images-idx3-ubyte", 47_040_016, "md5:6bbc9ace898e44ae57da46a324031adb"),
            File("train-labels-idx1-ubyte", 60_008, "md5:a25bea736e30d166cdddb491f175f624"),
            File("t10k-images-idx3-ubyte", 7_840_016, "md5:2646ac647ad5339dbf082846283269ea"),
            File("t10k-labels-idx1-ubyte", 10_008, "md5:27ae3e4e09519cfbb04c329615203637"),
        ],
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => _images.FetchAsync(cache, cancellation);

    public IEnumerable<LabeledImage> Read(DirectoryInfo cache, Split split) => _images.Read(cache, split);

    static DataFile File(string name, long bytes, string hash) => new($"mnist/{name}", bytes, hash, $"{Address}{name}.gz");
}
