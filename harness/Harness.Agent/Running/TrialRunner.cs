using System.Diagnostics.CodeAnalysis;
using Harness.Core.Registry;

namespace Harness.Agent.Running;

/// <summary>
/// Runs one trial inside a worker and tells everything it sees; it computes no score, because scores are the harness's business.
/// Fetching, training, predicting and counting happen on one dedicated thread, since native tensor scopes are bound to a thread.
/// </summary>
/// <param name="untyped">The benchmark that the trial names.</param>
/// <param name="time">The clock of every timed call.</param>
/// <param name="probes">Measure around the offline stage; the first one is the outermost.</param>
/// <param name="emit">Takes the observations in order; it may be called from any thread.</param>
public sealed class TrialRunner(IBenchmark untyped, RunRequest request, TimeProvider time, IReadOnlyList<IProbe> probes,
    Action<Observation> emit, CancellationToken cancellation) : IBenchmarkVisitor<Finished>
{
    /// <summary>Deep recursion in a model (trees, graphs) must not end the process.</summary>
    public const int StackBytes = 256 * 1024 * 1024;

    /// <summary>Runs to the end; whatever goes wrong becomes the one <see cref="Finished"/>, emitted last and returned.</summary>
    public Finished Run()
    {
        var finished = new Finished(RunState.Failed, "The trial thread ended without a result.");
        var thread = new Thread(() => finished = RunToEnd(), StackBytes) { Name = "trial", IsBackground = true };
        thread.Start();
        thread.Join();
        emit(finished);
        return finished;
    }

    public Finished Visit<TSample, TPrediction>(Benchmark<TSample, TPrediction> benchmark)
    {
        var (dataset, family) = benchmark.PartsOf(request.Trial);
        var cache = new DirectoryInfo(request.Cache);
        Start("fetch");
        dataset.FetchAsync(cache, cancellation).AsTask().GetAwaiter().GetResult();
        using var model = Train(benchmark, family, Load(benchmark, dataset, cache), cache);
        emit(new Described(model.Footprint, null));
        new Examination<TSample, TPrediction>(benchmark, model, request, time, probes, emit, cancellation).Of(dataset, cache);
        return new Finished(RunState.Ok, null);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A failure is a row, never a hole.")]
    Finished RunToEnd()
    {
        try { return untyped.Accept(this); }
        catch (Exception error) { return Failure.Of(error, cancellation); }
    }

    TrainingData<TSample> Load<TSample, TPrediction>(Benchmark<TSample, TPrediction> benchmark, IDataset<TSample> dataset,
        DirectoryInfo cache)
    {
        Start("load");
        Func<TSample, TSample> show = benchmark.Unsupervised ? benchmark.Withhold : sample => sample;
        return new([.. dataset.Read(cache, Split.Train).Select(show)], [.. dataset.Read(cache, Split.Validation).Select(show)]);
    }

    IModel<TSample, TPrediction> Train<TSample, TPrediction>(Benchmark<TSample, TPrediction> benchmark,
        IModelFamily<TSample, TPrediction> family, TrainingData<TSample> data, DirectoryInfo cache)
    {
        Start("train");
        if (data.Training.Count == 0)
            throw new DataUnavailableException($"{request.Trial.Protocol} has no training samples for {benchmark.Id}.");
        var context = new RunContext(request.Trial.Seed, request.Threads, cache, time, new Curve(emit, cancellation), cancellation);
        var start = time.GetTimestamp();
        var model = family.Prepare(data, context);
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
