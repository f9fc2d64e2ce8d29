using Harness.Core.Registry;

namespace Harness.Agent.Running;

/// <summary>What a trial does before its model is examined: it fetches, loads and trains, on the calling thread.</summary>
/// <param name="emit">Takes what is seen on the way.</param>
public sealed class Preparation<TSample, TPrediction>(Benchmark<TSample, TPrediction> benchmark, RunRequest request, TimeProvider time,
    Action<Observation> emit, CancellationToken cancellation)
{
    readonly DirectoryInfo cache = new(request.Cache);

    /// <exception cref="DataUnavailableException">Files or training samples are missing.</exception>
    /// <exception cref="TrainingFailedException">Training diverged or cannot start.</exception>
    public IModel<TSample, TPrediction> Run()
    {
        var (dataset, family) = benchmark.PartsOf(request.Trial);
        Start("fetch");
        dataset.FetchAsync(cache, cancellation).AsTask().GetAwaiter().GetResult();
        return Train(family, Load(dataset), dataset.Card);
    }

    TrainingData<TSample> Load(IDataset<TSample> dataset)
    {
        Start("load");
        Func<TSample, TSample> show = benchmark.Unsupervised ? benchmark.Withhold : sample => sample;
        return new([.. dataset.Read(cache, Split.Train).Select(show)], [.. dataset.Read(cache, Split.Validation).Select(show)]);
    }

    IModel<TSample, TPrediction> Train(IModelFamily<TSample, TPrediction> family, TrainingData<TSample> data, DatasetCard card)
    {
        Start("train");
        // A set may state that it has none, for families that learn nothing; where there are targets to learn from, it may not.
        var mayBeEmpty = benchmark.Unsupervised && card.Counts.GetValueOrDefault(Split.Train, -1) == 0;
        if (data.Training.Count == 0 && !mayBeEmpty)
            throw new DataUnavailableException($"{request.Trial.Protocol} has no training samples for {benchmark.Id}.");
        var context = new RunContext(request.Trial.Seed, request.Threads, cache, time, new Curve(emit, cancellation), cancellation)
        {
            Checkpoint = request.Checkpoint is { } path ? new FileInfo(path) : null, Dataset = card,
        };
        var (start, continued) = (time.GetTimestamp(), context.Checkpoint?.Exists == true);
        var model = family.Prepare(data, context);
        // Of training that was interrupted only the curve knows how long it took; without samples there was none.
        if (!continued && data.Training.Count > 0)
            emit(new Timed("train", data.Training.Count, time.NanosecondsSince(start)));
        return model;
    }

    void Start(string phase)
    {
        cancellation.ThrowIfCancellationRequested();
        emit(new PhaseStarted(phase));
    }

    /// <summary>Passes the training curve on, point by point, and ends a training that has diverged.</summary>
    sealed class Curve(Action<Observation> emit, CancellationToken cancellation) : IProgress<TrainingPoint>
    {
        public void Report(TrainingPoint value)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!double.IsFinite(value.Loss))
                throw new TrainingFailedException($"Training diverged: the loss is {value.Loss} at epoch {value.Epoch}.");
            if (value.Validation is { } score && !double.IsFinite(score))
                throw new TrainingFailedException($"Training diverged: the validation score is {score} at epoch {value.Epoch}.");
            emit(new Trained(value));
        }
    }
}
