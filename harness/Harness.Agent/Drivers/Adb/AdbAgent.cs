namespace Harness.Agent.Drivers.Adb;

/// <summary>
/// Runs trials on an Android phone from the machine beside it: pushes the worker, runs it over adb with the worker protocol on its
/// standard input and output, and reads what the phone says of its battery and heat before and after.
/// </summary>
public sealed class AdbAgent(AdbOptions phone, DriverOptions options, TimeProvider time) : IDeviceAgent
{
    readonly FarDevice device = new(new AdbPlace(phone), options, time);

    /// <summary>Pushes the worker if need be and asks it and the phone, once.</summary>
    /// <exception cref="HarnessException">There is no such phone, or the worker does not run on it.</exception>
    public ValueTask<DeviceCard> DescribeAsync(CancellationToken cancellation) => device.DescribeAsync(cancellation);

    public IAsyncEnumerable<Observation> RunAsync(Trial trial, CancellationToken cancellation) =>
        device.RunAsync(trial, cancellation);

    /// <summary>Ends every run that is still going on as aborted.</summary>
    public ValueTask DisposeAsync() => device.DisposeAsync();
}
