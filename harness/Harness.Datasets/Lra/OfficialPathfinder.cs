using System.Globalization;
using System.Text;
using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Lra;

/// <summary>
/// Pathfinder as Long Range Arena released it: a folder of PNG files with metadata lines that name them. The folder is read from a tar
/// archive (<c>tar cf pathfinder32.tar pathfinder32</c>), which is indexed once and never unpacked. Empty images are left out, as the
/// official pipeline does; the official parts depend on the order of TensorFlow Datasets, so the parts here are a seeded shuffle.
/// </summary>
public sealed class OfficialPathfinder : IDataset<TokenSequence>
{
    const int MostEntryBytes = 1 << 24;
    const string HardSet = "curv_contour_length_14";

    readonly int _side;

    OfficialPathfinder(int side, string id, string title)
    {
        _side = side;
        Card = new(id, 0, title)
        {
            Licence = "Apache-2.0",
            Citation = "Linsley et al. 2018; Kim et al.: Disentangling neural mechanisms for perceptual grouping, ICLR 2020; Tay et al.: "
                + "Long Range Arena, ICLR 2021",
            Encoding = $"token ids [{side * side} position], gray value 0..255 of each pixel, row by row; "
                + "class 1: both markers on one snake",
            SplitRule = "entries in the order of metadata file and line, shuffled with SplitMix64 seed 1; train 80 %, validation 10 %, "
                + "test 10 %",
            Classes = 2,
            Metrics = ["accuracy@1"],
            Parameters = new Dictionary<string, string> { ["set"] = HardSet + " (the hard set, the one that is reported)" },
            Files = [new($"lra/pathfinder{side}.tar", null, null)],
        };
    }

    public static OfficialPathfinder Of32 { get; } = new(32, "lra-pathfinder", "Pathfinder 32 × 32, Long Range Arena");

    public static OfficialPathfinder Of128 { get; } = new(128, "lra-pathx", "Pathfinder 128 × 128 (Path-X), Long Range Arena");

    public DatasetCard Card { get; }

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<TokenSequence> Read(DirectoryInfo cache, Split split) => Read(FileStore.Require(cache, Card.Files[0]), split);

    internal IEnumerable<TokenSequence> Read(FileInfo file, Split split)
    {
        using var archive = file.OpenRead();
        var (images, entries) = Index(archive, file.FullName);
        new Chance(1).Shuffle(entries.AsSpan());
        var (validation, test) = (entries.Length * 8 / 10, entries.Length * 9 / 10);
        var part = split switch { Split.Train => ..validation, Split.Validation => validation..test, _ => test.. };
        foreach (var (name, label) in entries[part])
        {
            var (offset, length) = images[name];
            archive.Position = offset;
            var image = RasterImage.Decode(new BinaryContent(archive, file.FullName).Bytes((ulong)length, name), channels: 1, name);
            if (image.Width != _side || image.Height != _side)
                throw new DataFormatException(name,
                    $"it is {image.Width} × {image.Height} pixels large where {_side} × {_side} are expected");
            yield return new(Array.ConvertAll(image.Pixels, pixel => (int)pixel), label);
        }
    }

    static (Dictionary<string, (long Offset, int Length)> Images, (string Name, int Label)[] Entries) Index(Stream archive, string name)
    {
        var (images, metadata) = (new Dictionary<string, (long, int)>(), new SortedDictionary<int, string>());
        foreach (var entry in Tar.Files(archive, name))
        {
            var at = entry.Name.IndexOf(HardSet + "/", StringComparison.Ordinal);
            if (at < 0 || entry.Length == 0) continue;
            var path = entry.Name[(at + HardSet.Length + 1)..];
            if (entry.Length > Math.Min(MostEntryBytes, archive.Length))
                throw new DataFormatException(name, $"{path} claims {entry.Length:N0} bytes; allowed are {MostEntryBytes:N0}");
            if (path.EndsWith(".png", StringComparison.Ordinal))
                images[path] = (entry.Offset, (int)entry.Length);
            else if (path.StartsWith("metadata/", StringComparison.Ordinal)
                && int.TryParse(Path.GetFileNameWithoutExtension(path), CultureInfo.InvariantCulture, out var number))
                metadata[number] = Encoding.UTF8.GetString(entry.Content());
        }
        if (images.Count == 0 || metadata.Count == 0) throw new DataFormatException(name, $"it has no images and metadata of {HardSet}");
        return (images, [.. metadata.Values.SelectMany(text => Lines(text, name)).Where(line => images.ContainsKey(line.Name))]);
    }

    // Fields: 0 folder, 1 file, 2 number, 3 label, then the parameters of the generator.
    static IEnumerable<(string Name, int Label)> Lines(string text, string name)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split(' ');
            yield return fields.Length > 3 && fields[3] is "0" or "1" ? ($"{fields[0]}/{fields[1]}", fields[3][0] - '0')
                : throw new DataFormatException(name, $"the metadata line '{line[..Math.Min(60, line.Length)]}' names no image and label");
        }
    }
}
