using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Events;

/// <summary>
/// Three recordings of moving hands by a DVS128 camera, 1.45 s each, without labels: for event readers, speed and memory.
/// </summary>
public sealed class DvsRecordings : IDataset<EventSample>
{
    static readonly EventGeometry Sensor = new(128, 128, 2);

    public DatasetCard Card { get; } = new("dvs-recordings", 1, "Three recordings of a DVS128")
    {
        Licence = "GPL-3.0 repository (slayerPytorch); origin of the recordings not stated",
        Citation = "Shrestha, Orchard: SLAYER, NeurIPS 2018 (test files of its repository)",
        Encoding = "events [event], each: time in µs, address = row · 128 + column on a sensor of 128 × 128 pixels, polarity "
            + "falling/rising",
        SplitRule = "train: recordings 1 and 2; test: recording 3; no validation part; no labels",
        Counts = new Dictionary<Split, int> { [Split.Train] = 2, [Split.Validation] = 0, [Split.Test] = 1 },
        Files =
        [
            new("dvs-slayer/1.bs2", 317_355, "sha256:adb41d4a19c2f0815b67fc80ef72d0b58ff9d86a558f905730eb0c2639766214"),
            new("dvs-slayer/2.bs2", 421_300, "sha256:c96b1793ccccc3e737406a1a3a3b37cb917361038306a55e87577770c2405c3e"),
            new("dvs-slayer/3.bs2", 565_315, "sha256:d4855c3e1ae24365c37adf28c9284a414834af80a1c6df2231b8c777e484d874"),
        ],
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<EventSample> Read(DirectoryInfo cache, Split split) => Card.Files
        .Where((_, index) => split switch { Split.Train => index < 2, Split.Test => index == 2, _ => false })
        .Select(file => new EventSample(Aer.Parse(File.ReadAllBytes(FileStore.Require(cache, file).FullName), Sensor, file.Name), Sensor,
            Label: -1));
}
