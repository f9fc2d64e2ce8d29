using Harness.Agent.Running;

namespace Harness.Agent.Drivers.Ssh;

/// <summary>Runs trials on another host that takes ssh: pushes the worker and speaks to it through the connection.</summary>
public sealed class SshAgent : IDeviceAgent
{
    readonly DriverOptions options;
    readonly SshPlace place;
    readonly WorkerRuns runs;
    DeviceCard? card;

    public SshAgent(SshOptions host, DriverOptions options, TimeProvider time)
    {
        this.options = options;
        place = new(host);
        runs = new(place, options.Limits, time);
    }

    /// <summary>Pushes the worker if need be and asks it, once.</summary>
    /// <exception cref="HarnessException">The host is out of reach, or the worker does not run on it.</exception>
    public async ValueTask<DeviceCard> DescribeAsync(CancellationToken cancellation) =>
        card ??= (await place.DescribeAsync(cancellation)) with { Class = options.Class };

    public IAsyncEnumerable<Observation> RunAsync(Trial trial, CancellationToken cancellation) =>
        runs.ObserveAsync(options.RequestFor(trial, place.Cache), cancellation);

    /// <summary>Ends every run that is still going on as aborted.</summary>
    public ValueTask DisposeAsync() => runs.DisposeAsync();
}
