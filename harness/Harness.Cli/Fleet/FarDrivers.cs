using Harness.Agent.Drivers;
using Harness.Agent.Drivers.Adb;
using Harness.Agent.Drivers.Programs;
using Harness.Agent.Drivers.Serial;
using Harness.Agent.Drivers.Slurm;
using Harness.Agent.Drivers.Ssh;
using Harness.Agent.Running;
using Harness.Agent.Serving;
using Harness.Queue;

namespace Harness.Cli.Fleet;

/// <summary>Opens the drivers whose worker is not this program (docs/drivers.md).</summary>
static class FarDrivers
{
    public static IDeviceAgent Program(Workspace workspace, IReadOnlyDictionary<string, string> values, Job? job,
        IReadOnlyList<BundleFile> bundle)
    {
        RefusePlugins(bundle);
        var settings = new DriverSettings("program", values);
        var words = Words(settings.Needed("command", "the program with its launcher, e.g. 'qemu-aarch64-static harness-device'"));
        var options = Options(settings, Devices.LocalClass, job);
        settings.RefuseOthers();
        return new ProgramAgent(new WorkerCommand(words[0], words[1..]), workspace.Cache, options, TimeProvider.System);
    }

    public static IDeviceAgent Adb(Workspace workspace, IReadOnlyDictionary<string, string> values, Job? job,
        IReadOnlyList<BundleFile> bundle)
    {
        RefusePlugins(bundle);
        var settings = new DriverSettings("adb", values);
        var phone = new AdbOptions(settings.Needed("serial", "the phone as `adb devices` lists it"),
            new FileInfo(settings.Needed("program", "the worker for the phone, e.g. harness-device")));
        phone = phone with
        {
            Host = settings.Or("host", phone.Host), Port = settings.Or("port", phone.Port), Folder = settings.Or("folder", phone.Folder),
            Data = settings.OrNull("data") is { } data ? new DirectoryInfo(data) : null,
        };
        var options = Options(settings, "phone", job);
        settings.RefuseOthers();
        return new AdbAgent(phone, options, TimeProvider.System);
    }

    public static IDeviceAgent Ssh(Workspace workspace, IReadOnlyDictionary<string, string> values, Job? job,
        IReadOnlyList<BundleFile> bundle)
    {
        RefusePlugins(bundle);
        var settings = new DriverSettings("ssh", values);
        var host = new SshOptions(settings.Needed("host", "a host as ssh takes it, e.g. user@lab-2"),
            new FileInfo(settings.Needed("program", "the worker for the host, e.g. harness-device")));
        host = host with
        {
            Port = settings.OrNull("port") is null ? null : settings.Or("port", 22), Identity = settings.OrNull("identity"),
            KnownHosts = settings.OrNull("known-hosts"), Folder = settings.Or("folder", host.Folder),
            Environment = settings.Or("environment", ""), Launcher = settings.Or("launcher", ""),
        };
        var options = Options(settings, Devices.LocalClass, job);
        settings.RefuseOthers();
        return new SshAgent(host, options, TimeProvider.System);
    }

    public static IDeviceAgent Serial(Workspace workspace, IReadOnlyDictionary<string, string> values, Job? job,
        IReadOnlyList<BundleFile> bundle)
    {
        RefusePlugins(bundle);
        var settings = new DriverSettings("serial", values);
        var board = new SerialOptions(settings.Needed("port", "the device file, e.g. /dev/ttyACM0"))
        {
            Family = Versioned(settings.Needed("family", "the family that the board holds, e.g. resnet-tiny@1")),
        };
        board = board with
        {
            Baud = settings.Or("baud", board.Baud),
            Patience = TimeSpan.FromSeconds(settings.Or("patience", (int)board.Patience.TotalSeconds)),
        };
        var options = Options(settings, "mcu", job);
        settings.RefuseOthers();
        return new SerialAgent(board, workspace.Catalogue, workspace.Cache, options, TimeProvider.System);
    }

    public static IDeviceAgent Slurm(Workspace workspace, IReadOnlyDictionary<string, string> values, Job? job,
        IReadOnlyList<BundleFile> bundle)
    {
        RefusePlugins(bundle);
        var settings = new DriverSettings("slurm", values);
        var words = Words(settings.Needed("command", "the worker as the nodes see it, e.g. /shared/harness-device"));
        var cluster = new SlurmOptions(new WorkerCommand(words[0], words[1..]),
            new DirectoryInfo(settings.Needed("folder", "a folder that this machine and the nodes share")))
        {
            Partition = settings.OrNull("partition"), Gpus = settings.Or("gpus", 0), Arguments = Words(settings.Or("sbatch", "")),
        };
        var options = Options(settings, cluster.Gpus > 0 ? "gpu" : Devices.LocalClass, job);
        settings.RefuseOthers();
        return new SlurmAgent(cluster, options, TimeProvider.System);
    }

    static string Versioned(string family) => family.Split('@') is [{ Length: > 0 }, var version] && int.TryParse(version, out _) ? family
        : throw new HarnessException($"--set family={family} of the driver 'serial' must be NAME@VERSION with a whole number.");

    static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    static DriverOptions Options(DriverSettings settings, string deviceClass, Job? job) =>
        new(settings.Or("class", deviceClass)) { Limits = WorkerLimits.Of(job?.Limits) };

    // A program for devices is whole: it cannot load assemblies of a bundle.
    static void RefusePlugins(IReadOnlyList<BundleFile> bundle)
    {
        if (bundle.FirstOrDefault(file => file.Artefact.Kind == ArtefactKind.Plugin) is { } plugin)
            throw new UnsupportedException($"{plugin.Artefact.Name} is a plug-in, which only the driver 'local' can load.");
    }
}
