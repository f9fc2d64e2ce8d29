using Harness.Agent.Measuring;
using Harness.Agent.Measuring.Energy;
using Harness.Agent.Measuring.Meters;
using Harness.Agent.Running;
using Harness.Agent.Serving;
using Harness.Cli.Fleet;
using Harness.Core.Scoring;
using Harness.Statistics;

namespace Harness.Cli;

/// <summary>Every device, meter and energy model the program carries.</summary>
static class Devices
{
    /// <summary>The class that the local agent serves.</summary>
    public const string LocalClass = "cpu";

    public static IReadOnlyList<string> Classes { get; } = [LocalClass];

    /// <summary>Where sensors of the machine lie; another root serves faithful fakes.</summary>
    static string Sysfs => Environment.GetEnvironmentVariable("HARNESS_SYSFS") ?? "/sys";

    static string Nvml => Environment.GetEnvironmentVariable("HARNESS_NVML") ?? "libnvidia-ml.so.1";

    /// <summary>Every kind of meter, the most trusted first.</summary>
    public static IReadOnlyList<IMeterKind> Meters { get; } =
        [new NvmlMeters(Nvml), new RaplMeters(Sysfs), new HwmonMeters(Sysfs), new BatteryMeters(Sysfs), new WindowsEmi()];

    /// <summary>What a worker measures around its offline stage.</summary>
    public static IReadOnlyList<IProbe> Probes { get; } = StandardProbes.Of(Meters, Sysfs);

    static readonly Lazy<IReadOnlyList<DeviceProfile>> AllProfiles = new(YamlProfiles.All);

    /// <summary>What is published about devices: results/devices of the checkout.</summary>
    public static IReadOnlyList<DeviceProfile> Profiles => AllProfiles.Value;

    /// <summary>
    /// The estimate that every run states. All others follow from the stored counts at any time, so that none is frozen into a run.
    /// </summary>
    public static IReadOnlyList<IEnergyModel> EnergyModels { get; } = [new SpikformerFormula()];

    /// <summary>Every estimate there is: the published formulas, then one for each device profile.</summary>
    public static IReadOnlyList<IEnergyModel> AllEnergyModels =>
        [.. Estimators.All, .. Profiles.Select(profile => new ProfileModel(profile))];

    // Looking for sensors loads libraries and reads devices: only those who describe the machine pay for it.
    static readonly Lazy<LocalDevice> Machine = new(() => new(new DirectoryInfo("/"), StandardProbes.Sensors(Meters)));

    public static LocalDevice ThisMachine => Machine.Value;

    /// <summary>The agent that runs this very program as its worker.</summary>
    /// <param name="checkpoints">Where training keeps its state; null keeps none.</param>
    public static LocalAgent Local(Workspace workspace, WorkerLimits limits, DirectoryInfo? checkpoints = null)
    {
        string[] arguments = ["worker", "--cache", workspace.Cache.FullName, .. workspace.PluginFiles.SelectMany(file =>
            new[] { "--plugin", file.FullName })];
        return Local(workspace, new(Path.Combine(AppContext.BaseDirectory, "harness"), arguments), limits, checkpoints);
    }

    /// <summary>The agent that runs another program as its worker, such as another build of this one.</summary>
    public static LocalAgent Local(Workspace workspace, WorkerCommand worker, WorkerLimits limits,
        DirectoryInfo? checkpoints = null) =>
        new(new LocalAgentOptions(worker, workspace.Cache) { Limits = limits, Checkpoints = checkpoints }, ThisMachine,
            TimeProvider.System);

    /// <summary>Every way to reach a device that serves a fleet, by the name that `harness agent --driver` takes.</summary>
    public static IReadOnlyDictionary<string, DriverChoice> Drivers { get; } = new Dictionary<string, DriverChoice>(StringComparer.Ordinal)
    {
        ["local"] = new("this machine, by the harness's own worker", DriverChoice.Local),
        ["program"] = new("this machine, by a program such as harness-device, also under an emulator", FarDrivers.Program),
        ["adb"] = new("an Android phone beside this machine", FarDrivers.Adb),
        ["ssh"] = new("another host that takes ssh", FarDrivers.Ssh),
        ["serial"] = new("a micro board on a serial line that holds one trained model", FarDrivers.Serial),
        ["slurm"] = new("a Slurm cluster, a job for each trial", FarDrivers.Slurm),
    };

    /// <exception cref="HarnessException">No such driver; the message lists those there are.</exception>
    public static DriverChoice Driver(string name) => Drivers.GetValueOrDefault(name)
        ?? throw new HarnessException($"There is no driver '{name}'; there are {string.Join(", ", Drivers.Keys)}.");

    /// <summary>When this machine may start a run for a fleet.</summary>
    public static DeviceGates Gates => DeviceGates.OfSysfs(Sysfs);

    public static Scorer Scorer(Workspace workspace) => new(workspace.Catalogue, workspace.Cache, new Intervals(), EnergyModels);
}
