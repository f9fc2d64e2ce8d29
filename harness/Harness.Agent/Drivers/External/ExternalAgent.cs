using Harness.Agent.Measuring;
using Harness.Agent.Running;
using Harness.Core.Registry;

namespace Harness.Agent.Drivers.External;

/// <summary>
/// Runs trials in a program in any language on this machine. Such a program cannot read the harness's datasets: their samples are laid
/// out for it as JSON lines, the test split without its targets.
/// </summary>
public sealed class ExternalAgent : IDeviceAgent
{
    readonly LocalDevice device;
    readonly DriverOptions options;
    readonly SampleFiles samples;
    readonly DirectoryInfo cache;
    readonly TimeProvider time;
    readonly WorkerRuns runs;

    /// <param name="worker">The program; it is started as it is, without further arguments.</param>
    public ExternalAgent(WorkerCommand worker, Catalogue catalogue, DirectoryInfo cache, LocalDevice device, DriverOptions options,
        TimeProvider time)
    {
        (this.device, this.options, this.cache, this.time) = (device, options, cache, time);
        samples = new(catalogue, cache);
        runs = new(new Place(new LocalPlace(worker, EnvironmentOf, time), samples), options.Limits, time);
    }

    /// <summary>Prints the card of the device that the worker stands for, such as a board; null is this machine.</summary>
    public WorkerCommand? Describing { get; init; }

    /// <exception cref="HarnessException"><see cref="Describing"/> fails, or prints no device card.</exception>
    public async ValueTask<DeviceCard> DescribeAsync(CancellationToken cancellation)
    {
        if (Describing is null) return device.Describe(null) with { Class = options.Class };
        return await PrintedCard.AskAsync(Describing, new Dictionary<string, string>(StringComparer.Ordinal), time, cancellation);
    }

    public IAsyncEnumerable<Observation> RunAsync(Trial trial, CancellationToken cancellation) =>
        runs.ObserveAsync(RequestFor(trial), cancellation);

    /// <summary>The request as the worker of a trial gets it.</summary>
    public RunRequest RequestFor(Trial trial) =>
        options.RequestFor(trial, cache.FullName) with { Samples = samples.FolderOf(trial).FullName };

    /// <summary>Lays out the samples of a trial unless they lie there.</summary>
    /// <exception cref="HarnessException">The data cannot be had, or the trial names none.</exception>
    public Task LayOutAsync(Trial trial, CancellationToken cancellation) => samples.LayOutAsync(trial, cancellation);

    /// <summary>Ends every run that is still going on as aborted.</summary>
    public ValueTask DisposeAsync() => runs.DisposeAsync();

    static Dictionary<string, string> EnvironmentOf(RunRequest request) =>
        new(StringComparer.Ordinal) { ["OMP_NUM_THREADS"] = $"{request.Threads}" };

    sealed class Place(LocalPlace inner, SampleFiles samples) : IWorkerPlace
    {
        public async Task<IWorkerChannel> StartAsync(RunRequest request, CancellationToken cancellation)
        {
            await samples.LayOutAsync(request.Trial, cancellation);
            return await inner.StartAsync(request, cancellation);
        }
    }
}
