using System.Globalization;
using System.Text.Json;

namespace Harness.Results.Tests;

/// <summary>Runs as a worker would return them, varied by a number.</summary>
static class Example
{
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 3, 15, 2, TimeSpan.Zero);

    public static RunRecord Run(int number = 0, int samples = 20, DateTimeOffset? started = null)
    {
        var configuration = JsonElement.Parse("""{"width":128,"rate":1E-3}""");
        var trial = new Trial("vision", "digits", "mnist@1", "perceptron@2", configuration, 7 + number, "laptop", 2) { Limit = 20 };
        var begin = started ?? Start.AddMinutes(number);
        return new RunRecord(Id(number), trial.Id, trial, RunState.Ok, null,
            new DeviceCard("Laptop A/x86", "laptop", "Example CPU", 8, 16L << 30, "Linux 6.1", ".NET 10") { Sensors = ["rapl"] },
            begin, begin.AddSeconds(90),
            new Provenance("0.1.0", "a16b1fd", false, "harness run --suite vision", "20261124-nightly", "plan-1", "nightly"))
        {
            Family = new FamilyCard("perceptron", 2, "Perceptron \"wide\"") { Kind = "ann", Summary = "one hidden layer – µ" },
            Dataset = new DatasetCard("mnist", 1, "MNIST")
            {
                Licence = "CC BY-SA 3.0", Citation = "LeCun 1998", Encoding = "float [1,28,28]", SplitRule = "official",
                Files = [new("train", 47040016, "md5:6c")], Classes = 10,
                Counts = new Dictionary<Split, int> { [Split.Train] = 60000, [Split.Test] = 10000 },
            },
            Footprint = new Footprint(101770, 407080, 32),
            Operations = new OperationCounts([new LayerOperations("hidden", "linear", 100352, 0, 100352) { InputRate = 0.19 }], 64),
            Metrics =
            [
                new MetricValue("accuracy.top1", 1, 0.9 + number / 1000.0, "1", Direction.Higher, "measured")
                { Samples = samples, Low = 0.89, High = 0.98, Interval = "wilson95", Primary = true },
                new MetricValue("latency.p50", 1, 1.25e-3, "s", Direction.Lower, "measured"),
            ],
            Readings = [new Reading("energy.package", null, "no sensor")],
            Curve = [new TrainingPoint(1, 0.31, 0.91, 4.5)],
            Samples = [.. Enumerable.Range(0, samples).Select(Sample)],
            Timings = [new Timed("warmup", 1, 1_500_000), new Timed("single_stream", 1, 1_250_001)],
            Traces =
            [
                new SensorTrace("rapl:package-0", "power", "W", [0, 0.5, 1.25], [12.5, null, 13]),
                new SensorTrace("thermal:x86_pkg_temp", "temperature", "°C", [0, 1], [41, 41.5]),
            ],
        };
    }

    public static SampleRow Sample(int index)
    {
        var target = index * 7 % 10;
        var answer = index % 13 == 0 ? (target + 1) % 10 : target;
        return new(index, target.ToString(CultureInfo.InvariantCulture), answer.ToString(CultureInfo.InvariantCulture), answer == target,
            JsonSerializer.SerializeToElement(new { @class = answer }));
    }

    public static string Id(int number) => "01KAXEXAMPLE" + number.ToString("D14", CultureInfo.InvariantCulture);

    /// <summary>A record with its samples and timings as one comparable text.</summary>
    public static string Text(RunRecord run) => CanonicalJson.Write(new { run, run.Samples, run.Timings, run.Traces });
}

sealed class TemporaryFolder : IDisposable
{
    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("harness-results-");

    public string Path(params string[] parts) => System.IO.Path.Combine([Folder.FullName, .. parts]);

    public void Dispose() => Folder.Delete(recursive: true);
}
