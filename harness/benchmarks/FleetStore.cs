using System.Globalization;
using System.Text;
using System.Text.Json;
using Harness.Results.Storage;

namespace Harness.Benchmarks;

/// <summary>
/// A generated store of years of nightly runs: 40 families on 8 protocols and 6 devices, 20 metrics a run, 12 counted layers, 1 000
/// predictions. Written without waiting for the disk, but byte for byte what appending would write.
/// </summary>
static class FleetStore
{
    public const int Runs = 35_000;
    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// A store that the benchmarks of one machine share, in the folder of temporary files: making it takes minutes, and each benchmark is a
    /// process of its own. Those that append leave it a little larger; whoever deletes it gets a new one.
    /// </summary>
    public static async Task<DirectoryInfo> SharedAsync()
    {
        var folder = new DirectoryInfo(Path.Combine(Path.GetTempPath(), $"harness-fleet-{Runs}"));
        if (folder.Exists) return folder;
        var draft = new DirectoryInfo(folder.FullName + ".draft");
        if (draft.Exists) draft.Delete(recursive: true);
        await CreateAsync(draft, Runs);
        draft.MoveTo(folder.FullName);
        return folder;
    }

    static async Task CreateAsync(DirectoryInfo folder, int runs)
    {
        await StoreFolder.PrepareAsync(folder.FullName, CancellationToken.None);
        var tables = (await RunFiles.FromAsync(Run(0), new Dictionary<string, byte[]>(), null, CancellationToken.None)).Content;
        var chain = new StringBuilder();
        var link = Chain.Start;
        for (var number = 0; number < runs; number++)
        {
            var run = Run(number) with { Samples = [], Timings = [] };
            var attached = tables.Where(file => file.Key.EndsWith(".parquet", StringComparison.Ordinal)).ToDictionary(file => file.Key,
                file => file.Value);
            var files = await RunFiles.FromAsync(run, attached, null, CancellationToken.None);
            var place = Path.Combine(folder.FullName, RunName.Folder(run));
            Directory.CreateDirectory(place);
            foreach (var (name, content) in files.Content) await File.WriteAllBytesAsync(Path.Combine(place, name), content);
            var entry = new ChainEntry(link, run.RunId, files.RunHash, files.ArtifactsHash, RunName.Folder(run), run.Ended);
            var line = CanonicalJson.Write(entry);
            chain.Append(line).Append('\n');
            link = Chain.Link(line);
        }
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, Chain.FileName), chain.ToString());
    }

    public static RunRecord Run(int number)
    {
        var (family, protocol, device) = (number % 40, number / 40 % 8, number / 320 % 6);
        var started = Start.AddMinutes(45L * number);
        var configuration = JsonSerializer.SerializeToElement(new { depth = 1 + family % 4, width = 64 * (1 + family % 3), rate = 1e-3 });
        var trial = new Trial("vision", "images", $"dataset-{protocol}@1", $"family-{family:D2}@1", configuration, number / 1920 % 5,
            $"class-{device % 3}", 2);
        var card = new DeviceCard($"device-{device}", $"class-{device % 3}", "Example CPU", 8, 16L << 30, "Linux 6.1", ".NET 10");
        return new RunRecord(Id(number), trial.Id, trial, number % 50 == 49 ? RunState.Failed : RunState.Ok, null, card, started,
            started.AddMinutes(20), new("0.1.0", "a16b1fd", false, "harness run --plan nightly", $"nightly-{number / 400}", "nightly",
                "nightly"))
        {
            Family = new($"family-{family:D2}", 1, "A family") { Kind = family % 2 == 0 ? "spiking" : "ann", Summary = "an example" },
            Dataset = new($"dataset-{protocol}", 1, "A dataset")
            {
                Licence = "CC0", Citation = "generated", Encoding = "float [1,28,28]", SplitRule = "official", Classes = 10,
                Files = [.. Enumerable.Range(0, 4).Select(file => new DataFile($"file-{file}", 1 << 20, "md5:" + new string('6', 32)))],
                Counts = new Dictionary<Split, int> { [Split.Train] = 60000, [Split.Test] = 10000 },
            },
            Footprint = new(101_770, 407_080, 32),
            Operations = new([.. Enumerable.Range(0, 12).Select(layer => new LayerOperations($"layer-{layer}", "linear", 1e5, 2e4 + layer,
                1e5)
                { InputRate = 0.17, FiringRate = 0.09, Spikes = 1234.5, NeuronUpdates = 4096, WeightBytes = 65536, TimeSteps = 4 })], 256),
            Metrics = [.. Enumerable.Range(0, 20).Select(metric => Metric(number, metric))],
            Curve = [.. Enumerable.Range(1, 10).Select(epoch => new TrainingPoint(epoch, 1.0 / epoch, 0.9 - 0.5 / epoch, 12.5 * epoch))],
            Samples = [.. Enumerable.Range(0, 1000).Select(Sample)],
            Timings = [.. Enumerable.Range(0, 300).Select(call => new Timed("single_stream", 1, 1_200_000 + 37 * call % 90_000))],
        };
    }

    public static string Id(int number) => "01KAXFLEETAA" + number.ToString("D14", CultureInfo.InvariantCulture);

    static MetricValue Metric(int number, int metric)
    {
        // A fixed scatter of the run number: the values of a real fleet differ from run to run.
        var value = 0.5 + (number * 2654435761L + metric * 40503L) % 1_000_003 / 2_000_007.0;
        return new MetricValue(metric == 0 ? "accuracy" : $"metric.{metric:D2}", 1, value, metric == 0 ? "proportion" : "s",
            metric == 0 ? Direction.Higher : Direction.Lower, "derived")
        { Samples = 10000, Low = metric < 3 ? value - 0.005 : null, High = metric < 3 ? value + 0.005 : null, Primary = metric == 0,
            Interval = metric < 3 ? "wilson 95 %" : null };
    }

    static SampleRow Sample(int index)
    {
        var (target, answer) = (index * 7 % 10, index % 13 == 0 ? index % 10 : index * 7 % 10);
        return new(index, $"{target}", $"{answer}", target == answer,
            JsonSerializer.SerializeToElement(new { label = answer, confidence = 0.5f }));
    }
}
