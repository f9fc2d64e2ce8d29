namespace Harness.Testing;

/// <summary>A whole number; <paramref name="Parity"/> is 1 when it is odd, 0 when it is even and -1 when withheld.</summary>
public sealed record Number(int Value, int Parity);

/// <summary>Whether a number was taken for odd (1) or even (0), and how surely, 0..1.</summary>
public sealed record ParityPrediction(int Parity, double Confidence);

/// <summary>The smallest complete suite: tell odd numbers from even ones. For tests of what surrounds a family.</summary>
public static class Numbers
{
    /// <summary>The suite <c>numbers</c> with its one benchmark <c>parity</c>.</summary>
    public static Suite Suite { get; } = new("numbers", "Numbers", [Benchmark()]);

    /// <summary>A benchmark whose datasets count their reads from zero.</summary>
    public static Benchmark<Number, ParityPrediction> Benchmark() => new("parity", "Odd or even")
    {
        Datasets = [Dataset()],
        Families = [new ScriptedFamily()],
        Metrics = [new ParityAccuracy()],
        Withhold = number => number with { Parity = -1 },
        Target = number => $"{number.Parity}",
        Answer = prediction => $"{prediction.Parity}",
    };

    /// <summary>The protocol <c>numbers@1</c>: 20 numbers for training, 5 for validation and 10 for testing.</summary>
    public static InMemoryDataset<Number> Dataset() => new("numbers", new Dictionary<Split, IReadOnlyList<Number>>
    {
        [Split.Train] = Range(0, 20), [Split.Validation] = Range(20, 5), [Split.Test] = Range(25, 10),
    });

    public static IReadOnlyList<Number> Range(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(value => new Number(value, value & 1))];
}

/// <summary>The share of numbers whose parity was told rightly.</summary>
public sealed class ParityAccuracy : IMetric<Number, ParityPrediction>
{
    public MetricCard Card { get; } = new("parity-accuracy", 1, "Accuracy", "1", Direction.Higher)
    { Definition = "Correct answers over samples.", Interval = IntervalRule.Wilson };

    public ITally<Number, ParityPrediction> Begin() =>
        Tally.Share<Number, ParityPrediction>((number, prediction) => number.Parity == prediction.Parity);
}
