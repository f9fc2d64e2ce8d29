namespace Harness.Agent.Drivers.Ssh;

/// <summary>Runs trials on another host that takes ssh: pushes the worker and speaks to it through the connection.</summary>
public sealed class SshAgent(SshOptions host, DriverOptions options, TimeProvider time) : IDeviceAgent
{
    readonly FarDevice device = new(new SshPlace(host), options, time);

    /// <summary>Pushes the worker if need be and asks it, once.</summary>
    /// <exception cref="HarnessException">The host is out of reach, or the worker does not run on it.</exception>
    public ValueTask<DeviceCard> DescribeAsync(CancellationToken cancellation) => device.DescribeAsync(cancellation);

    public IAsyncEnumerable<Observation> RunAsync(Trial trial, CancellationToken cancellation) =>
        device.RunAsync(trial, cancellation);

    /// <summary>Ends every run that is still going on as aborted.</summary>
    public ValueTask DisposeAsync() => device.DisposeAsync();
}
