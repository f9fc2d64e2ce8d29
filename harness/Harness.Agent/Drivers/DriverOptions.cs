using Harness.Agent.Running;

namespace Harness.Agent.Drivers;

/// <summary>What every driver is told.</summary>
/// <param name="Class">The device class whose trials it runs, e.g. <c>phone</c>.</param>
public sealed record DriverOptions(string Class)
{
    public WorkerLimits Limits { get; init; } = new();
    /// <summary>Samples per timed call of the offline stage.</summary>
    public int Batch { get; init; } = 64;
    public int LatencySamples { get; init; } = 200;
    public int CountSamples { get; init; } = 256;

    /// <param name="cache">Absolute path of the folder for data at the place where the worker runs.</param>
    internal RunRequest RequestFor(Trial trial, string cache) => new(WorkerLine.Protocol, trial, cache, trial.Threads)
    {
        Batch = Batch, LatencySamples = LatencySamples, CountSamples = CountSamples,
    };
}
