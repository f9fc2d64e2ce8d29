namespace Harness.Datasets;

/// <summary>Fashion-MNIST: articles of clothing in MNIST's form.</summary>
public sealed class FashionMnist : IDataset<LabeledImage>
{
    const string Address = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/";

    readonly IdxImages _images;

    public FashionMnist() => _images = new(Card, package: "dataset-fashion-mnist");

    public DatasetCard Card { get; } = new("fashion-mnist", 1, "Fashion-MNIST")
    {
        Licence = "MIT",
        Citation = "Xiao, Rasul, Vollgraf: Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms, "
            + "arXiv 1708.07747, 2017",
        Encoding = "uint8 [1, 28, 28], intensity 0..255, black background",
        SplitRule = IdxImages.SplitRule,
        Classes = 10,
        Axes = [new("channel", 1), new("row", 28), new("column", 28)],
        Counts = IdxImages.Counts,
        Files =
        [
            File("train-images-idx3-ubyte", 47_040_016, "md5:f4a8712d7a061bf5bd6d2ca38dc4d50a"),
            File("train-labels-idx1-ubyte", 60_008, "md5:9018921c3c673c538a1fc5bad174d6f9"),
            File("t10k-images-idx3-ubyte", 7_840_016, "md5:8181f5470baa50b63fa0f6fddb340f0a"),
            File("t10k-labels-idx1-ubyte", 10_008, "md5:15d484375f8d13e6eb1aabb0c3f46965"),
        ],
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => _images.FetchAsync(cache, cancellation);

    public IEnumerable<LabeledImage> Read(DirectoryInfo cache, Split split) => _images.Read(cache, split);

    static DataFile File(string name, long bytes, string hash) => new($"fashion-mnist/{name}", bytes, hash, $"{Address}{name}.gz");
}
