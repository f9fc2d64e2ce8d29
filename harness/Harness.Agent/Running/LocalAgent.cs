using Harness.Agent.Measuring;

namespace Harness.Agent.Running;

/// <summary>How the local agent runs trials.</summary>
/// <param name="Worker">The program that runs them, e.g. <c>harness worker</c>.</param>
/// <param name="Cache">Holds datasets and intermediate files.</param>
public sealed record LocalAgentOptions(WorkerCommand Worker, DirectoryInfo Cache)
{
    public WorkerLimits Limits { get; init; } = new();
    /// <summary>Samples per timed call of the offline stage.</summary>
    public int Batch { get; init; } = 64;
    public int LatencySamples { get; init; } = 200;
    public int CountSamples { get; init; } = 256;
    /// <summary>Where training keeps its state, one file for each trial; null keeps none.</summary>
    public DirectoryInfo? Checkpoints { get; init; }
    /// <summary>Loads tcmalloc into the worker when the machine has it; which allocator ran is part of the device card.</summary>
    public bool PreloadAllocator { get; init; } = true;
}

/// <summary>Runs trials on this machine, each in a worker process of its own, without any broker.</summary>
public sealed class LocalAgent : IDeviceAgent
{
    readonly LocalAgentOptions options;
    readonly LocalDevice device;
    readonly WorkerRuns runs;

    public LocalAgent(LocalAgentOptions options, LocalDevice device, TimeProvider time)
    {
        (this.options, this.device) = (options, device);
        runs = new(new LocalPlace(options.Worker, EnvironmentOf, time), options.Limits, time);
    }

    public ValueTask<DeviceCard> DescribeAsync(CancellationToken cancellation) => ValueTask.FromResult(device.Describe(AllocatorOrNull()));

    /// <summary>
    /// The last observation is always the one <see cref="Finished"/>; cancelling ends the run as aborted instead of throwing.
    /// Leaving the enumeration early ends the worker.
    /// </summary>
    public IAsyncEnumerable<Observation> RunAsync(Trial trial, CancellationToken cancellation) =>
        runs.ObserveAsync(RequestFor(trial), cancellation);

    /// <summary>Ends every run that is still going on as aborted.</summary>
    public ValueTask DisposeAsync() => runs.DisposeAsync();

    RunRequest RequestFor(Trial trial) => new(WorkerLine.Protocol, trial, options.Cache.FullName, trial.Threads)
    {
        Batch = options.Batch, LatencySamples = options.LatencySamples, CountSamples = options.CountSamples,
        Checkpoint = options.Checkpoints is { } folder ? Path.Combine(folder.FullName, $"{trial.Id}.safetensors") : null,
    };

    // Native libraries size their pools when they load, before any request could tell them.
    Dictionary<string, string> EnvironmentOf(RunRequest request)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["OMP_NUM_THREADS"] = $"{request.Threads}" };
        if (AllocatorOrNull() is { } allocator)
            environment["LD_PRELOAD"] = $"{allocator} {Environment.GetEnvironmentVariable("LD_PRELOAD")}".TrimEnd();
        return environment;
    }

    string? AllocatorOrNull() => options.PreloadAllocator ? device.AllocatorOrNull() : null;
}
