using System.Runtime.CompilerServices;
using System.Threading.Channels;
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
public sealed class LocalAgent(LocalAgentOptions options, LocalDevice device, TimeProvider time) : IDeviceAgent
{
    // Enough to keep the worker going, small enough that a slow reader slows the worker and not the machine.
    const int Waiting = 256;

    readonly CancellationTokenSource disposed = new();

    public ValueTask<DeviceCard> DescribeAsync(CancellationToken cancellation) => ValueTask.FromResult(device.Describe(AllocatorOrNull()));

    /// <summary>
    /// The last observation is always the one <see cref="Finished"/>; cancelling ends the run as aborted instead of throwing.
    /// Leaving the enumeration early ends the worker.
    /// </summary>
    public async IAsyncEnumerable<Observation> RunAsync(Trial trial, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var channel = Channel.CreateBounded<Observation>(new BoundedChannelOptions(Waiting) { SingleReader = true });
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellation, disposed.Token);
        using var run = new WorkerRun(options.Worker, EnvironmentOf(trial), RequestFor(trial), options.Limits, time,
            channel.Writer, left.Token);
        var running = Task.Run(run.ToEndAsync, CancellationToken.None);
        try
        {
            await foreach (var observation in channel.Reader.ReadAllAsync(CancellationToken.None)) yield return observation;
        }
        finally
        {
            await left.CancelAsync();
            while (await channel.Reader.WaitToReadAsync(CancellationToken.None)) channel.Reader.TryRead(out _);
            await running;
        }
    }

    /// <summary>Ends every run that is still going on as aborted.</summary>
    public async ValueTask DisposeAsync()
    {
        await disposed.CancelAsync();
        disposed.Dispose();
    }

    RunRequest RequestFor(Trial trial) => new(WorkerLine.Protocol, trial, options.Cache.FullName, trial.Threads)
    {
        Batch = options.Batch, LatencySamples = options.LatencySamples, CountSamples = options.CountSamples,
        Checkpoint = options.Checkpoints is { } folder ? Path.Combine(folder.FullName, $"{trial.Id}.safetensors") : null,
    };

    // Native libraries size their pools when they load, before any request could tell them.
    Dictionary<string, string> EnvironmentOf(Trial trial)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["OMP_NUM_THREADS"] = $"{trial.Threads}" };
        if (AllocatorOrNull() is { } allocator)
            environment["LD_PRELOAD"] = $"{allocator} {Environment.GetEnvironmentVariable("LD_PRELOAD")}".TrimEnd();
        return environment;
    }

    string? AllocatorOrNull() => options.PreloadAllocator ? device.AllocatorOrNull() : null;
}
