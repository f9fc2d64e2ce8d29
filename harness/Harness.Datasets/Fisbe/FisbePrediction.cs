using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Fisbe;

/// <summary>
/// A real segmentation of a whole FISBe test image by colour clustering (Duan et al.), as the benchmark's authors publish it: for testing
/// readers and the size filter. Its 11 instances become 9 once those of 800 voxels or fewer are dropped.
/// </summary>
public sealed class FisbePrediction : IDataset<InstancePrediction>
{
    const string Volume = "volumes/gmm_label_cleaned";

    public DatasetCard Card { get; } = new("fisbe-prediction", 1, "A prediction for one FISBe image")
    {
        Licence = "MIT",
        Citation = "Mais et al.: FISBe, CVPR 2024 (evaluate-instance-segmentation); Duan et al., bioRxiv 2020.06.07.138941",
        Encoding = "int32 [385 z, 685 y, 686 x], 0 background, else the id of an instance, voxels of 0.44 µm",
        SplitRule = "test: the one volume, R14A02-20180905_65_A6; no training or validation part",
        Counts = new Dictionary<Split, int> { [Split.Train] = 0, [Split.Validation] = 0, [Split.Test] = 1 },
        Files = [new("fisbe/R14A02-20180905_65_A6.hdf", 4_040_807,
            "sha256:a007beda71a19441fdf749a8b5e0ef062eb6984f6aa8f139b02f10dd3f6ba637")],
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<InstancePrediction> Read(DirectoryInfo cache, Split split)
    {
        if (split == Split.Test) yield return Open(FileStore.Require(cache, Card.Files[0]), Volume);
    }

    /// <summary>Opens a predicted volume of an HDF5 file; it is read in boxes.</summary>
    /// <exception cref="DataFormatException">Not HDF5, or it has no such volume.</exception>
    public static InstancePrediction Open(FileInfo file, string volume) =>
        new(Path.GetFileNameWithoutExtension(file.Name), new Hdf5Volume<int>(Hdf5File.Open(file), volume, owned: true));
}
