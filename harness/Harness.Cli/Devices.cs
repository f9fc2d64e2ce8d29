using Harness.Agent.Measuring;
using Harness.Agent.Running;
using Harness.Core.Scoring;
using Harness.Statistics;

namespace Harness.Cli;

/// <summary>Every device, meter and energy model the program carries.</summary>
static class Devices
{
    /// <summary>The class that the local agent serves.</summary>
    public const string LocalClass = "cpu";

    public static IReadOnlyList<string> Classes { get; } = [LocalClass];

    /// <summary>What a worker measures around its offline stage.</summary>
    public static IReadOnlyList<IProbe> Probes { get; } = [new ProcessorTimeProbe(), new PeakMemoryProbe(new DirectoryInfo("/proc/self"))];

    public static IReadOnlyList<IEnergyModel> EnergyModels { get; } = [new SpikformerFormula()];

    public static LocalDevice ThisMachine { get; } = new(new DirectoryInfo("/"), []);

    /// <summary>The agent that runs this very program as its worker.</summary>
    public static LocalAgent Local(Workspace workspace, WorkerLimits limits)
    {
        string[] arguments = ["worker", "--cache", workspace.Cache.FullName, .. workspace.PluginFiles.SelectMany(file =>
            new[] { "--plugin", file.FullName })];
        var worker = new WorkerCommand(Path.Combine(AppContext.BaseDirectory, "harness"), arguments);
        return new LocalAgent(new LocalAgentOptions(worker, workspace.Cache) { Limits = limits }, ThisMachine, TimeProvider.System);
    }

    public static Scorer Scorer(Workspace workspace) => new(workspace.Catalogue, workspace.Cache, new Intervals(), EnergyModels);
}
