using System.Text.Json;
using Harness.Agent.Running;
using Harness.Core.Registry;

namespace Harness.Agent.Tests.Running;

public sealed record Pair(int Left, int Right, int Sum);

public sealed record SumPrediction(int Value, double Confidence);

/// <summary>A benchmark small enough to see through: predict the sum of two numbers.</summary>
static class Sums
{
    public const int TestCount = 10;

    public static Benchmark<Pair, SumPrediction> Benchmark { get; } = new("sums", "Sums")
    {
        Datasets = [new Pairs("pairs"), new Pairs("lost"), new Pairs("untaught", training: 0)],
        Families = [new Adder(), new Troublemaker()],
        Metrics = [new NoMetric()],
        Withhold = pair => pair with { Sum = -1 },
        Target = pair => $"{pair.Sum}",
        Answer = prediction => $"{prediction.Value}",
    };

    public static Benchmark<Pair, SumPrediction> Unsupervised { get; } = Benchmark with { Id = "blind", Unsupervised = true };

    public static Catalogue Catalogue { get; } = new([new Suite("arithmetic", "Arithmetic", [Benchmark, Unsupervised])]);

    public static Trial Trial(string family = "adder@1", string configuration = "{}", string protocol = "pairs@1",
        string benchmark = "sums") =>
        new("arithmetic", benchmark, protocol, family, JsonDocument.Parse(configuration).RootElement, 7, "cpu", 1);

    public static RunRequest Request(Trial trial) => new(WorkerLine.Protocol, trial, Path.GetTempPath(), 1) { Batch = 4, LatencySamples = 5,
        CountSamples = 6 };

}

sealed class Pairs(string id, int training = 5) : IDataset<Pair>
{
    public DatasetCard Card { get; } = new(id, 1, "Pairs") { Licence = "none", Citation = "none", Encoding = "two numbers",
        SplitRule = "by index", Counts = new Dictionary<Split, int> { [Split.Train] = training } };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        id == "lost" ? throw new DataUnavailableException("No source has pairs.bin; put it into the cache.") : ValueTask.CompletedTask;

    public IEnumerable<Pair> Read(DirectoryInfo cache, Split split) =>
        Enumerable.Range(0, split == Split.Test ? Sums.TestCount : training)
            .Select(index => new Pair(index, (int)split, index + (int)split));
}

/// <summary>Adds; reports which sums it was shown in training by its footprint.</summary>
public sealed record Adder(int Epochs = 2) : IModelFamily<Pair, SumPrediction>
{
    public FamilyCard Card { get; } = new("adder", 1, "Adder") { Kind = "control", Summary = "Adds." };

    public IModel<Pair, SumPrediction> Prepare(TrainingData<Pair> data, RunContext context)
    {
        for (var epoch = 1; epoch <= Epochs; epoch++) context.Progress.Report(new(epoch, 1.0 / epoch, null, epoch));
        return new AdderModel(data.Training.Count(pair => pair.Sum >= 0), pair => new(pair.Left + pair.Right, 1));
    }
}

/// <summary>Goes wrong in the way its configuration names.</summary>
public sealed record Troublemaker(string Trouble = "none") : IModelFamily<Pair, SumPrediction>
{
    public FamilyCard Card { get; } = new("troublemaker", 1, "Troublemaker") { Kind = "control", Summary = "Goes wrong." };

    public IModel<Pair, SumPrediction> Prepare(TrainingData<Pair> data, RunContext context)
    {
        switch (Trouble)
        {
            case "training": throw new TrainingFailedException("The learning rate is too high.");
            case "unsupported": throw new UnsupportedException("Needs an accelerator.");
            case "memory": GC.KeepAlive(new byte[int.MaxValue]); break;
            case "bug": throw new InvalidOperationException("Sequence contains no elements.");
            case "nan-loss": context.Progress.Report(new(3, double.NaN, null, 1)); break;
            case "print": Console.WriteLine("Loading model..."); break;
            case "deaf": Thread.Sleep(Timeout.Infinite); break;
            case "wait": context.Cancellation.WaitHandle.WaitOne(); context.Cancellation.ThrowIfCancellationRequested(); break;
            case "exit": Environment.Exit(42); break;
            case "cardless": throw new TrainingFailedException($"The dataset is {context.Dataset?.Protocol ?? "not told"}.");
        }
        return new AdderModel(0, pair => new(pair.Left + pair.Right, Trouble == "nan" && pair.Left == 6 ? double.NaN : 0.5))
        {
            Forgetful = Trouble == "forgetful", Moody = Trouble == "moody", Uncounted = Trouble == "uncounted",
        };
    }
}

sealed class AdderModel(long parameters, Func<Pair, SumPrediction> add) : IModel<Pair, SumPrediction>
{
    public bool Forgetful { get; init; }
    /// <summary>Answers single samples differently.</summary>
    public bool Moody { get; init; }
    public bool Uncounted { get; init; }
    public Footprint Footprint { get; } = new(parameters, 8, 32);

    public IReadOnlyList<SumPrediction> Predict(IReadOnlyList<Pair> batch)
    {
        if (batch.Any(pair => pair.Sum != -1)) throw new InvalidOperationException("The target was not withheld.");
        return [.. batch.Skip(Forgetful ? 1 : 0).Select(pair => Moody && batch.Count == 1 ? new(-5, 0) : add(pair))];
    }

    public OperationCounts Count(IReadOnlyList<Pair> batch) => Uncounted ? throw new UnsupportedException("carries are not counted")
        : new([new LayerOperations("add", "linear", 0, batch.Average(pair => pair.Left), 2) { InputRate = 0.5 }], batch.Count);

    public void Dispose() { }
}

sealed class NoMetric : IMetric<Pair, SumPrediction>
{
    public MetricCard Card { get; } = new("none", 1, "None", "1", Direction.Neutral) { Definition = "Nothing: a worker never scores." };
    public ITally<Pair, SumPrediction> Begin() => throw new InvalidOperationException("A worker never scores.");
}
