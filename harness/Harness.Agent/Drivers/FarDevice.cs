using Harness.Agent.Running;

namespace Harness.Agent.Drivers;

/// <summary>A place away from this machine that says what it is.</summary>
interface IFarPlace : IWorkerPlace
{
    /// <summary>Folder for data there.</summary>
    string Cache { get; }

    /// <exception cref="HarnessException">It is out of reach, or the worker does not run there.</exception>
    Task<DeviceCard> DescribeAsync(CancellationToken cancellation);
}

/// <summary>What every driver with a worker elsewhere does: describe the place once, and run trials there.</summary>
sealed class FarDevice(IFarPlace place, DriverOptions options, TimeProvider time) : IDeviceAgent
{
    readonly WorkerRuns runs = new(place, options.Limits, time);
    DeviceCard? card;

    public async ValueTask<DeviceCard> DescribeAsync(CancellationToken cancellation) =>
        card ??= await place.DescribeAsync(cancellation) with { Class = options.Class };

    public IAsyncEnumerable<Observation> RunAsync(Trial trial, CancellationToken cancellation) =>
        runs.ObserveAsync(options.RequestFor(trial, place.Cache), cancellation);

    /// <summary>Ends every run that is still going on as aborted.</summary>
    public ValueTask DisposeAsync() => runs.DisposeAsync();
}
