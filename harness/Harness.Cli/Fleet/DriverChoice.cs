using Harness.Agent.Running;
using Harness.Agent.Serving;
using Harness.Queue;

namespace Harness.Cli.Fleet;

/// <summary>Opens a device by a driver.</summary>
/// <param name="settings">What `harness agent --set NAME=VALUE` gave; a driver refuses names that it does not know.</param>
/// <param name="job">The job to open it for; null where the device is only to be described.</param>
/// <exception cref="UnsupportedException">The device cannot use what the bundle holds.</exception>
delegate IDeviceAgent OpenDriver(Workspace workspace, IReadOnlyDictionary<string, string> settings, Job? job,
    IReadOnlyList<BundleFile> bundle);

/// <summary>A way to reach devices, by name.</summary>
sealed record DriverChoice(string Summary, OpenDriver Open)
{
    /// <summary>This machine: the harness's own worker, with the plug-ins of the bundle.</summary>
    public static IDeviceAgent Local(Workspace workspace, IReadOnlyDictionary<string, string> settings, Job? job,
        IReadOnlyList<BundleFile> bundle)
    {
        if (settings.Count > 0) throw new HarnessException($"The driver 'local' has no setting '{settings.Keys.First()}'.");
        var plugins = bundle.Where(file => file.Artefact.Kind == ArtefactKind.Plugin).Select(file => file.File);
        var with = new Workspace(workspace.Results, workspace.Cache, [.. workspace.PluginFiles, .. plugins], workspace.Json,
            workspace.Terminal);
        return Devices.Local(with, WorkerLimits.Of(job?.Limits));
    }
}
