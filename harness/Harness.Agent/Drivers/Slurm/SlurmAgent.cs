using Harness.Agent.Running;

namespace Harness.Agent.Drivers.Slurm;

/// <summary>
/// Runs trials as jobs of a Slurm cluster, from a machine that may submit them. The worker protocol goes through files in a folder that
/// this machine and the nodes share. A job that somebody else cancels is an infra_error, one that the agent cancels is aborted.
/// </summary>
public sealed class SlurmAgent : IDeviceAgent
{
    readonly DriverOptions options;
    readonly SlurmPlace place;
    readonly WorkerRuns runs;
    DeviceCard? card;

    public SlurmAgent(SlurmOptions cluster, DriverOptions options, TimeProvider time)
    {
        this.options = options;
        place = new(cluster, options.Limits);
        runs = new(place, options.Limits, time);
    }

    /// <summary>Asks the worker by a job of its own, once.</summary>
    /// <exception cref="HarnessException">Slurm refuses the job, or the worker does not run there.</exception>
    public async ValueTask<DeviceCard> DescribeAsync(CancellationToken cancellation) =>
        card ??= (await place.DescribeAsync(cancellation)) with { Class = options.Class };

    public IAsyncEnumerable<Observation> RunAsync(Trial trial, CancellationToken cancellation) =>
        runs.ObserveAsync(options.RequestFor(trial, place.Cache), cancellation);

    /// <summary>Ends every run that is still going on as aborted.</summary>
    public ValueTask DisposeAsync() => runs.DisposeAsync();
}
