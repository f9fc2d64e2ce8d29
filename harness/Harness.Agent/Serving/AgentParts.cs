using Harness.Queue;
using Harness.Queue.Protocol;

namespace Harness.Agent.Serving;

/// <summary>Opens the device for one job, with the files of its bundle already on this machine and verified.</summary>
/// <exception cref="UnsupportedException">The device cannot use what the bundle holds.</exception>
public delegate IDeviceAgent OpenDevice(Job job, IReadOnlyList<BundleFile> bundle);

/// <summary>A file of a bundle as it lies on this machine.</summary>
public sealed record BundleFile(Artefact Artefact, FileInfo File);

/// <summary>What serves a fleet with a device.</summary>
/// <param name="Device">Describes the device; it stays the caller's.</param>
/// <param name="Open">Gives the agent for a job; what it gives is disposed after the job unless it is <paramref name="Device"/>.</param>
/// <param name="State">A folder of this agent alone: finished results until they are confirmed, and files of bundles.</param>
/// <param name="Driver">The name of the driver, for people.</param>
/// <param name="Log">Takes a line of what happens.</param>
public sealed record AgentParts(IFleetLink Link, IDeviceKey Key, IDeviceAgent Device, OpenDevice Open, DirectoryInfo State, string Driver,
    string Version, TimeProvider Time, Action<string> Log)
{
    public DeviceGates Gates { get; init; } = DeviceGates.None;
    /// <summary>How long the coordinator may hold a request for a job open.</summary>
    public TimeSpan LeaseWait { get; init; } = TimeSpan.FromSeconds(10);
    /// <summary>
    /// Pause before the first attempt to reach a coordinator again; each further one is twice as long, up to <see cref="LongestPause"/>.
    /// </summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(200);
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(15);
    /// <summary>Pause between two words of an agent that may have no job now.</summary>
    public TimeSpan IdlePause { get; init; } = TimeSpan.FromSeconds(5);
    /// <summary>End after this many jobs; null serves until it is stopped.</summary>
    public int? MostJobs { get; init; }
}
