namespace Harness.Testing;

/// <summary>A model fresh from <c>Prepare</c>, in a cache folder and with a clock of its own, and what it said while training.</summary>
sealed class Prepared<TSample, TPrediction> : IDisposable
{
    readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory("family-contract-");
    readonly RecordingProgress<TrainingPoint> _curve = new();

    /// <param name="time">Differs from call to call, because a computation must not depend on it.</param>
    public Prepared(IModelFamily<TSample, TPrediction> family, TrainingData<TSample> data, int seed, int threads, TimeProvider time)
    {
        try
        {
            Model = family.Prepare(data, new RunContext(seed, threads, _cache, time, _curve, CancellationToken.None))
                ?? throw new InvalidOperationException("Prepare returned null.");
        }
        catch
        {
            _cache.Delete(recursive: true);
            throw;
        }
    }

    public IModel<TSample, TPrediction> Model { get; }

    public IReadOnlyList<TrainingPoint> Curve => _curve.Reports;

    public void Dispose()
    {
        try { Model.Dispose(); }
        finally { _cache.Delete(recursive: true); }
    }
}
