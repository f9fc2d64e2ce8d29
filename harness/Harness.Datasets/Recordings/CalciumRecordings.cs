using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Recordings;

/// <summary>Fluorescence of many cells over time, axes [frame, cell].</summary>
/// <param name="Times">Seconds of each frame.</param>
/// <param name="Behaviour">What else was measured, one value a frame, by name.</param>
/// <param name="Positions">x and y of each cell; empty where they are not known.</param>
/// <param name="Assemblies">Groups of cells that a paper found, as indices of cells; empty where there is none.</param>
public sealed record CalciumRecording(string Name, int Frames, int Cells, ReadOnlyMemory<float> Traces, IReadOnlyList<double> Times,
    IReadOnlyDictionary<string, float[]> Behaviour, IReadOnlyList<(double X, double Y)> Positions,
        IReadOnlyList<IReadOnlyList<int>> Assemblies);

/// <summary>Calcium imaging of whole brains, one sample each.</summary>
public sealed class CalciumRecordings : IDataset<CalciumRecording>
{
    static readonly string[] WormBehaviour = ["velocity", "angular_velocity", "head_angle", "pumping", "reversal_vec"];
    const double ZebrafishRate = 4.85; // frames a second (Triplett et al. 2018)

    readonly Func<DirectoryInfo, IReadOnlyList<DataFile>, CalciumRecording> _read;

    CalciumRecordings(DatasetCard card, Func<DirectoryInfo, IReadOnlyList<DataFile>, CalciumRecording> read) =>
        (Card, _read) = (card, read);

    /// <summary>130 neurons of a moving worm with its behaviour.</summary>
    public static CalciumRecordings Worm { get; } = new(Describe("celegans-calcium", "Calcium of a moving worm") with
    {
        Citation = "Dag et al.: Dissecting the functional organization of the C. elegans serotonergic system at whole-brain scale, Cell "
            + "186, 2023",
        Encoding = "float32 [799 frame, 130 cell], fluorescence over its 20th percentile, 0.738 s a frame; behaviour float32 [799 "
            + "frame]: velocity, angular "
            + "velocity, head angle, pumping, reversal",
        Files = [new("celegans/flavell-2022-01-16-01-subset.h5", 786_386,
            "sha256:e06859cbae2f7e23e532da1f0f13f48e6c8bb53fd8980e1ba78b34a9a2fe18b5")],
    }, ReadWorm);

    /// <summary>114 cells of a fish's tectum, with the assemblies that were found in them.</summary>
    public static CalciumRecordings Zebrafish { get; } = new(Describe("zebrafish-calcium", "Calcium of a larval zebrafish's tectum") with
    {
        Citation = "Triplett, Avitan, Goodhill: Emergence of spontaneous assembly activity in developing neural networks without "
            + "afferent input, 2018",
        Encoding = "float32 [4245 frame, 114 cell], relative fluorescence, 4.85 frames a second; positions in µm; 5 assemblies",
        Files =
        [
            new("zebrafish-calcium/activity_matrix.npy", 1_935_848,
                "sha256:a0556305c7f2ad3b6da5453a6e9c3d8594864beed65b67746e02570a85500831"),
            new("zebrafish-calcium/cell_coordinates.csv", 1258, "sha256:f60d8f61355adc44dc8f7faaaf3882b68150aa2f34dc5bb0ff85eeb0945ecfac"),
            new("zebrafish-calcium/assembly_assignments.csv", 368,
                "sha256:73231468c47ddf86f5a30a0f177816599504af5097a0b38e07ca16d0f51b6510"),
        ],
    }, ReadZebrafish);

    public DatasetCard Card { get; }

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<CalciumRecording> Read(DirectoryInfo cache, Split split) => split == Split.Train ? [_read(cache, Card.Files)] : [];

    static CalciumRecording ReadWorm(DirectoryInfo cache, IReadOnlyList<DataFile> files)
    {
        using var file = Hdf5File.Open(FileStore.Require(cache, files[0]));
        var shape = file.Shape("gcamp/traces_array_F_F20");
        var behaviour = WormBehaviour.ToDictionary(name => name, name => file.Numbers<float>($"behavior/{name}"));
        var times = file.Numbers<double>("timing/timestamp_confocal");
        if (shape.Length != 2 || times.Length != shape[0] || behaviour.Values.Any(values => values.Length != shape[0]))
            throw new DataFormatException(files[0].Name, "its traces, times and behaviour differ in length");
        return new("2022-01-16-01", shape[0], shape[1], file.Numbers<float>("gcamp/traces_array_F_F20"), times, behaviour, [], []);
    }

    static CalciumRecording ReadZebrafish(DirectoryInfo cache, IReadOnlyList<DataFile> files)
    {
        var array = Npy.Read(FileStore.Require(cache, files[0]));
        if (array.Shape.Count != 2) throw new DataFormatException(files[0].Name,
            $"it has {array.Shape.Count} axes where [cell, frame] are expected");
        var (cells, frames, byCell) = (array.Shape[0], array.Shape[1], array.Numbers<float>());
        var traces = new float[byCell.Length];
        for (var cell = 0; cell < cells; cell++)
            for (var frame = 0; frame < frames; frame++) traces[frame * cells + cell] = byCell[cell * frames + frame];
        using var positions = FileStore.Require(cache, files[1]).OpenText();
        return new("20151104-f1", frames, cells, traces, [.. Enumerable.Range(0, frames).Select(frame => frame / ZebrafishRate)],
            new Dictionary<string, float[]>(),
            [.. Table.Numbers(positions, files[1].Name, ',').Select(row => (row[0], row[1]))],
                [.. Assemblies(FileStore.Require(cache, files[2]), cells)]);
    }

    // 1-based cells, a line for each assembly.
    static IEnumerable<IReadOnlyList<int>> Assemblies(FileInfo file, int cells) =>
        File.ReadLines(file.FullName).Where(line => line.Trim().Length > 0)
        .Select(line => (IReadOnlyList<int>)[.. line.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(word => Table.Whole(word, file.FullName) is > 0 and var cell && cell <= cells ? cell - 1
                : throw new DataFormatException(file.FullName, $"it names cell {word}; allowed are 1 to {cells}"))]);

    static DatasetCard Describe(string id, string title) => new(id, 1, title)
    {
        Licence = "none stated; cite the paper",
        Citation = "", Encoding = "",
        SplitRule = "train: the one recording; no validation or test part",
        Counts = new Dictionary<Split, int> { [Split.Train] = 1, [Split.Validation] = 0, [Split.Test] = 0 },
    };
}
