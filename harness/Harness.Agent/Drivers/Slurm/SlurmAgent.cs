namespace Harness.Agent.Drivers.Slurm;

/// <summary>
/// Runs trials as jobs of a Slurm cluster, from a machine that may submit them. The worker protocol goes through files in a folder that
/// this machine and the nodes share. A job that somebody else cancels is an infra_error, one that the agent cancels is aborted.
/// </summary>
public sealed class SlurmAgent(SlurmOptions cluster, DriverOptions options, TimeProvider time) : IDeviceAgent
{
    readonly FarDevice device = new(new SlurmPlace(cluster, options.Limits), options, time);

    /// <summary>Asks the worker by a job of its own, once.</summary>
    /// <exception cref="HarnessException">Slurm refuses the job, or the worker does not run there.</exception>
    public ValueTask<DeviceCard> DescribeAsync(CancellationToken cancellation) => device.DescribeAsync(cancellation);

    public IAsyncEnumerable<Observation> RunAsync(Trial trial, CancellationToken cancellation) =>
        device.RunAsync(trial, cancellation);

    /// <summary>Ends every run that is still going on as aborted.</summary>
    public ValueTask DisposeAsync() => device.DisposeAsync();
}
