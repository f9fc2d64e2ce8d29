using System.Globalization;
using Harness.Agent.Drivers;
using Harness.Agent.Drivers.Adb;
using Harness.Agent.Drivers.Programs;
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
        return Devices.Local(with, LimitsOf(job));
    }

    /// <summary>Another program of this machine: `program`, and before it `emulator` if it is for another processor.</summary>
    public static IDeviceAgent Program(Workspace workspace, IReadOnlyDictionary<string, string> settings, Job? job,
        IReadOnlyList<BundleFile> bundle)
    {
        Check("program", settings, ["program", "emulator"]);
        RefusePlugins("program", bundle);
        var program = ProgramOf("program", settings).FullName;
        var command = settings.TryGetValue("emulator", out var emulator) ? new WorkerCommand(emulator, [program]) : new(program, []);
        return new ProgramAgent(command, workspace.Cache, OptionsOf(job), TimeProvider.System);
    }

    /// <summary>A phone: `serial` as adb lists it, `program` to be pushed, and where the adb server is (`host`, `port`).</summary>
    public static IDeviceAgent Phone(Workspace workspace, IReadOnlyDictionary<string, string> settings, Job? job,
        IReadOnlyList<BundleFile> bundle)
    {
        Check("adb", settings, ["serial", "program", "host", "port", "folder", "data"]);
        RefusePlugins("adb", bundle);
        var phone = new AdbOptions(Required("adb", settings, "serial"), ProgramOf("adb", settings));
        if (settings.TryGetValue("host", out var host)) phone = phone with { Host = host };
        if (settings.TryGetValue("port", out var text)) phone = phone with { Port = PortOf(text) };
        if (settings.TryGetValue("folder", out var folder)) phone = phone with { Folder = folder };
        if (settings.TryGetValue("data", out var data)) phone = phone with { Data = new(data) };
        return new AdbAgent(phone, OptionsOf(job), TimeProvider.System);
    }

    // The class is the fleet's business: the agent puts the one it was enrolled for into the card.
    static DriverOptions OptionsOf(Job? job) => new(job?.Class ?? "device") { Limits = LimitsOf(job) };

    static void Check(string driver, IReadOnlyDictionary<string, string> settings, string[] known)
    {
        if (settings.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new HarnessException($"The driver '{driver}' has no setting '{unknown}'; it has {string.Join(", ", known)}.");
    }

    static string Required(string driver, IReadOnlyDictionary<string, string> settings, string name) => settings.GetValueOrDefault(name)
        ?? throw new HarnessException($"The driver '{driver}' needs --set {name}=VALUE.");

    static FileInfo ProgramOf(string driver, IReadOnlyDictionary<string, string> settings) =>
        new FileInfo(Required(driver, settings, "program")) is { Exists: true } file ? file
            : throw new HarnessException($"The program '{settings["program"]}' for the driver '{driver}' does not exist; building "
                + "harness/Harness.Device leaves one for each platform in artifacts/publish/Harness.Device.");

    static int PortOf(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        && port is > 0 and < 65536 ? port : throw new HarnessException($"port is '{text}'; allowed is 1..65535.");

    // A device runs what its program was built with.
    static void RefusePlugins(string driver, IReadOnlyList<BundleFile> bundle)
    {
        if (bundle.FirstOrDefault(file => file.Artefact.Kind == ArtefactKind.Plugin) is { } plugin)
            throw new UnsupportedException($"A device behind the driver '{driver}' runs the suites of its own program and cannot load "
                + $"'{plugin.Artefact.Name}'; run plug-ins on devices with the driver 'local'.");
    }

    /// <summary>The limits of a job as a worker's.</summary>
    public static WorkerLimits LimitsOf(Job? job)
    {
        var limits = new WorkerLimits { MemoryBytes = job?.Limits.MemoryBytes };
        return job?.Limits.Seconds is { } seconds ? limits with { Time = TimeSpan.FromSeconds(seconds) } : limits;
    }
}
