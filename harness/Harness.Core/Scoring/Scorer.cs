using System.Text.Json;
using Harness.Core.Registry;

namespace Harness.Core.Scoring;

/// <summary>
/// Recomputes every score from stored observations, so that no score ever comes from a worker: reads the test split, checks the
/// predictions against it, and totals the metrics of the benchmark.
/// </summary>
/// <param name="cache">Where the test splits lie; fetched and verified before they are read.</param>
/// <param name="energy">The energy models to apply to counted operations.</param>
public sealed class Scorer(Catalogue catalogue, DirectoryInfo cache, IIntervals intervals, IReadOnlyList<IEnergyModel> energy)
{
    /// <summary>
    /// The run with cards, sample rows and metrics. An ok run whose predictions are malformed or not one per test sample becomes
    /// <see cref="RunState.Invalid"/>; a run that is not ok keeps its state, and has rows but no scores.
    /// </summary>
    /// <param name="predictions">The predictions of the first samples of the test split, in order.</param>
    /// <exception cref="DataUnavailableException">The test split cannot be had here.</exception>
    public ValueTask<RunRecord> ScoreAsync(RunRecord run, IReadOnlyList<JsonElement> predictions, CancellationToken cancellation) =>
        catalogue.Benchmark(run.Trial.Suite, run.Trial.Benchmark).Benchmark
            .Accept(new Scoring(run, predictions, cache, intervals, energy, cancellation));

    /// <summary>Scores a stored run again, from its sample rows: what <c>harness rescore</c> does after a metric changed.</summary>
    /// <exception cref="DataUnavailableException">The test split cannot be had here.</exception>
    public ValueTask<RunRecord> RescoreAsync(RunRecord run, CancellationToken cancellation) =>
        ScoreAsync(run, [.. run.Samples.OrderBy(sample => sample.Sample).Select(sample => sample.Prediction)], cancellation);

    /// <summary>The primary metric of a stored run as a function of the test samples that count, for resampling.</summary>
    /// <exception cref="HarnessException">The stored predictions cannot be judged, or the test split cannot be had here.</exception>
    public ValueTask<SampleStatistic> StatisticAsync(RunRecord run, CancellationToken cancellation) =>
        catalogue.Benchmark(run.Trial.Suite, run.Trial.Benchmark).Benchmark.Accept(new Resampling(run, cache, intervals, cancellation));

    static async ValueTask<List<TSample>> TestSamplesAsync<TSample>(IDataset<TSample> dataset, Trial trial, DirectoryInfo cache,
        CancellationToken cancellation)
    {
        await dataset.FetchAsync(cache, cancellation);
        return [.. dataset.Read(cache, Split.Test).Take(trial.Limit ?? int.MaxValue)];
    }

    sealed class Resampling(RunRecord run, DirectoryInfo cache, IIntervals intervals, CancellationToken cancellation)
        : IBenchmarkVisitor<ValueTask<SampleStatistic>>
    {
        public async ValueTask<SampleStatistic> Visit<TSample, TPrediction>(Benchmark<TSample, TPrediction> benchmark) =>
            new Judge<TSample, TPrediction>(benchmark,
                await TestSamplesAsync(benchmark.DatasetOf(run.Trial), run.Trial, cache, cancellation), intervals).Statistic(run.Samples);
    }

    sealed class Scoring(RunRecord run, IReadOnlyList<JsonElement> predictions, DirectoryInfo cache, IIntervals intervals,
        IReadOnlyList<IEnergyModel> energy, CancellationToken cancellation) : IBenchmarkVisitor<ValueTask<RunRecord>>
    {
        public async ValueTask<RunRecord> Visit<TSample, TPrediction>(Benchmark<TSample, TPrediction> benchmark)
        {
            var dataset = benchmark.DatasetOf(run.Trial);
            var known = run with
            {
                Dataset = dataset.Card,
                Family = benchmark.Families.Select(family => family.Card)
                    .FirstOrDefault(card => $"{card.Id}@{card.Version}" == run.Trial.Family),
            };
            if (known.State != RunState.Ok && predictions.Count == 0) return known;
            var samples = await TestSamplesAsync(dataset, run.Trial, cache, cancellation);
            try
            {
                return new Judge<TSample, TPrediction>(benchmark, samples, intervals).Score(known, predictions, energy);
            }
            catch (PredictionException wrong)
            {
                return known.State == RunState.Ok
                    ? known with { State = RunState.Invalid, Reason = wrong.Message, Metrics = [] }
                    : known;
            }
        }
    }
}

/// <summary>A metric of a run, on whichever of its test samples.</summary>
/// <param name="Of">The total over the samples of these indices, repetitions included.</param>
public sealed record SampleStatistic(MetricCard Metric, int Samples, Func<ReadOnlySpan<int>, double> Of);

/// <summary>Predictions that cannot be judged; the run becomes invalid.</summary>
sealed class PredictionException(string message, Exception? inner = null) : HarnessException(message, inner);
