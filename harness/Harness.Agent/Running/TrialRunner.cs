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
        using var model = new Preparation<TSample, TPrediction>(benchmark, request, time, emit, cancellation).Run();
        emit(new Described(model.Footprint, null));
        new Examination<TSample, TPrediction>(benchmark, model, request, time, probes, emit, cancellation)
            .Of(benchmark.DatasetOf(request.Trial), new DirectoryInfo(request.Cache));
        return new Finished(RunState.Ok, null);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A failure is a row, never a hole.")]
    Finished RunToEnd()
    {
        try { return untyped.Accept(this); }
        catch (Exception error) { return Failure.Of(error, cancellation); }
    }
}
