using System.Text.Json;
using Harness.Core.Registry;
using Harness.Core.Scoring;
using Harness.Testing;

namespace Harness.Core.Tests.Scoring;

/// <summary>Runs, predictions and metrics for tests of scoring.</summary>
static class Examples
{
    static readonly IReadOnlyList<Number> TestSplit = Numbers.Range(25, 10);

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static ValueTask<RunRecord> Score<TPrediction>(RunRecord run, IReadOnlyList<JsonElement> predictions, Benchmark<Number,
        TPrediction> benchmark) =>
        Scorer(benchmark).ScoreAsync(run, predictions, Cancellation);

    public static ValueTask<RunRecord> Score(RunRecord run, IReadOnlyList<JsonElement> predictions) =>
        Score(run, predictions, Numbers.Benchmark());

    public static Scorer Scorer(IBenchmark benchmark) =>
        new(new Catalogue([new("numbers", "Numbers", [benchmark])]), new(Path.GetTempPath()), new Told(), []);

    public static Benchmark<Number, ParityPrediction> Measured(params IReadOnlyList<IMetric<Number, ParityPrediction>> metrics) =>
        Numbers.Benchmark() with { Metrics = metrics };

    public static RunRecord Run()
    {
        var trial = new Trial("numbers", "parity", "numbers@1", "scripted@1", JsonSerializer.SerializeToElement(new { }), 7, "cpu", 1);
        return new("run", trial.Id, trial, RunState.Ok, null, new("d", "cpu", "p", 1, 1, "o", "r"), default, default,
            new("0", "c", false, "", "s", "p", "manual"));
    }

    public static JsonElement[] Answers(Func<Number, int> answer) =>
        [.. TestSplit.Select(number => Json(new ParityPrediction(answer(number), 0.9)))];

    public static JsonElement[] Texts(string text) => [.. TestSplit.Select(_ => Json(new Word(text)))];

    public static JsonElement Json<T>(T value) => JsonSerializer.SerializeToElement(value, CanonicalJson.Options);

    public static InMemoryDataset<Number> Unavailable() => new("numbers", new Dictionary<Split, IReadOnlyList<Number>>())
    { Unavailable = new DataUnavailableException("The disk is gone.") };

    public static Benchmark<Number, Word> Words(Func<Word, string> answer, IMetric<Number, Word> metric) => new("parity", "Words")
    {
        Datasets = [Numbers.Dataset()], Families = [], Metrics = [metric], Withhold = number => number, Target = number =>
            $"{number.Parity}",
        Answer = answer,
    };

    public sealed record Word(string Text);

    /// <summary>A metric whose total is a function of the number of samples that were added, each sample once.</summary>
    public sealed class Fixed<TPrediction>(Func<int, double> total, IntervalRule interval = IntervalRule.None, string unit = "1",
        string id = "fixed")
        : IMetric<Number, TPrediction>
    {
        public MetricCard Card => new(id, 1, id, unit, Direction.Higher) { Definition = "As told.", Interval = interval };
        public ITally<Number, TPrediction> Begin() => new Tally(total);

        sealed class Tally(Func<int, double> total) : ITally<Number, TPrediction>
        {
            readonly HashSet<Number> _seen = [];

            public void Add(Number sample, TPrediction prediction) => _seen.Add(sample);
            public double Total() => total(_seen.Count);
        }
    }

    /// <summary>Knows the classes 0 and 1 only.</summary>
    public sealed class Choking(string way) : IMetric<Number, Word>, ITally<Number, Word>
    {
        static readonly int[] Known = [0, 1];
        static readonly Dictionary<string, int> Named = new() { ["0"] = 0, ["1"] = 1 };

        public MetricCard Card => new("choking", 1, "Choking", "1", Direction.Higher) { Definition = "None." };
        public ITally<Number, Word> Begin() => this;

        public void Add(Number sample, Word prediction) => _ = way switch
        {
            "array" => Known[int.Parse(prediction.Text)],
            "dictionary" => Named[prediction.Text],
            "parse" => int.Parse($"{prediction.Text}x"),
            "divide" => 1 / (9 - int.Parse(prediction.Text)),
            _ => ((string?)null)!.Length,
        };

        public double Total() => 1;
    }

    /// <summary>Tells what it was asked; its bootstrap draws the first two samples, each many times, and then all.</summary>
    sealed class Told : IIntervals
    {
        public Interval Wilson(int successes, int trials) => new((double)successes / trials, trials, $"wilson of {successes}/{trials}");

        public Interval Bootstrap(Func<ReadOnlySpan<int>, double> statistic, int samples, int seed)
        {
            var few = statistic([0, 1, 0, 1, 0, 1]);
            return new(few, statistic([.. Enumerable.Range(0, samples)]), $"bootstrap of seed {seed}");
        }
    }
}
