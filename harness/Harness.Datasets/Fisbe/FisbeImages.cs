using Harness.Datasets.Formats;
using Harness.Datasets.Formats.Zarr;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Fisbe;

/// <summary>
/// FISBe: fluorescence images of fly neurons in three colours, to be separated into neurons that cross and overlap. Samples are read from
/// the zip archives of the release, <c>{completely,partly}/{train,val,test}/NAME.zarr</c>, in boxes, never as a whole.
/// </summary>
public sealed class FisbeImages : IDataset<NeuronVolume>
{
    const string Marker = ".zarr/volumes/raw/.zarray";
    const string Record = "https://zenodo.org/records/10875063/files/";

    FisbeImages(DatasetCard card) => Card = card;

    /// <summary>All 101 images; 30 are labelled completely and 71 partly.</summary>
    public static FisbeImages All { get; } = new(Describe("fisbe", 0, "FISBe") with
    {
        SplitRule = "official parts, completely labelled 18/5/7 and partly labelled 43/12/16; no fly line is in two parts",
        Counts = Counts(61, 17, 23),
        Files = [Release("fisbe_v1.0_completely.zip"), Release("fisbe_v1.0_partly.zip")],
    });

    /// <summary>The 30 completely labelled images.</summary>
    public static FisbeImages Completely { get; } = new(Describe("fisbe-completely", 0, "FISBe, completely labelled images") with
    {
        SplitRule = "official parts of the completely labelled images, 18/5/7; no fly line is in two parts",
        Counts = Counts(18, 5, 7),
        VariantOf = "fisbe@0",
        Files = [Release("fisbe_v1.0_completely.zip")],
    });

    /// <summary>A crop of 50 × 50 × 50 voxels of one image, with three neurons: real, but for tests only.</summary>
    public static FisbeImages Crop { get; } = new(Describe("fisbe-crop", 1, "A crop of one FISBe image") with
    {
        SplitRule = "test: the crop (of an image of partly/val); no training or validation part",
        Counts = Counts(0, 0, 1),
        StandIn = true,
        Files = [new("fisbe/JRC_SS05008-20160318_24_B2_crop.zip", 382_001,
            "sha256:8df438b94eba5dd22d61b5caed9577e951af441479062492fb8872968cb9fcd1")],
    });

    public DatasetCard Card { get; }

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<NeuronVolume> Read(DirectoryInfo cache, Split split) =>
        Card.Files.SelectMany(file => Read(FileStore.Require(cache, file), split));

    /// <summary>The samples of one archive, by name.</summary>
    internal static IEnumerable<NeuronVolume> Read(FileInfo archive, Split split) =>
        Archive.Names(archive, name => name.EndsWith(Marker, StringComparison.Ordinal))
            .Select(name => name[..^"/volumes/raw/.zarray".Length]).Where(sample => SplitOf(sample) == split)
            .Order(StringComparer.Ordinal).Select(sample => Open(archive, sample));

    static NeuronVolume Open(FileInfo archive, string sample)
    {
        var keys = new ZipKeys(archive, sample);
        try
        {
            return FisbeSample.Open(keys, Path.GetFileNameWithoutExtension(sample),
                complete: sample.Contains("completely", StringComparison.Ordinal));
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    static Split SplitOf(string sample) => Path.GetFileName(Path.GetDirectoryName(sample)) switch
    {
        "train" => Split.Train,
        "val" => Split.Validation,
        _ => Split.Test,
    };

    static DataFile Release(string name) => new($"fisbe/{name}", null, null, $"{Record}{name}?download=1");

    static Dictionary<Split, int> Counts(int train, int validation, int test) =>
        new() { [Split.Train] = train, [Split.Validation] = validation, [Split.Test] = test };

    static DatasetCard Describe(string id, int version, string title) => new(id, version, title)
    {
        Licence = "CC BY 4.0",
        Citation = "Mais, Hirsch, Managan, Kandarpa, Rumberger, Reinke, Maier-Hein, Ihrke, Kainmueller: FISBe, CVPR 2024, doi "
            + "10.5281/zenodo.10875063",
        Encoding = "raw uint16 [3 channel, z, y, x], intensity 0..4095, voxels of 0.44 µm; instances [layer, z, y, x], one neuron a "
            + "layer, 0 background",
        SplitRule = "",
        Metrics = ["fisbe-s@1", "avf1-cldice@1", "coverage@1", "false-splits@1", "false-merges@1"],
        Tolerance = "an instance is found when its centre-line Dice exceeds the threshold, 0.1 to 0.9; predictions of 800 voxels or "
            + "fewer are dropped",
        Parameters = new Dictionary<string, string> { ["aggregation"] = "completely and partly labelled images apart, then their mean" },
    };
}
