using Harness.Agent.Running;

namespace Harness.Agent.Drivers.Adb;

/// <summary>
/// Runs trials on an Android phone from the machine beside it: pushes the worker, runs it over adb with the worker protocol on its
/// standard input and output, and reads what the phone says of its battery and heat before and after.
/// </summary>
public sealed class AdbAgent : IDeviceAgent
{
    readonly DriverOptions options;
    readonly AdbPlace place;
    readonly WorkerRuns runs;
    DeviceCard? card;

    public AdbAgent(AdbOptions phone, DriverOptions options, TimeProvider time)
    {
        this.options = options;
        place = new(phone);
        runs = new(place, options.Limits, time);
    }

    /// <summary>Pushes the worker if need be and asks it and the phone, once.</summary>
    /// <exception cref="HarnessException">There is no such phone, or the worker does not run on it.</exception>
    public async ValueTask<DeviceCard> DescribeAsync(CancellationToken cancellation) =>
        card ??= (await place.DescribeAsync(cancellation)) with { Class = options.Class };

    public IAsyncEnumerable<Observation> RunAsync(Trial trial, CancellationToken cancellation) =>
        runs.ObserveAsync(options.RequestFor(trial, place.Cache), cancellation);

    /// <summary>Ends every run that is still going on as aborted.</summary>
    public ValueTask DisposeAsync() => runs.DisposeAsync();
}
