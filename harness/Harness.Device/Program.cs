using System.Reflection;
using System.Text;
using Harness.Agent.Drivers.Nvidia;
using Harness.Agent.Measuring;
using Harness.Agent.Measuring.Meters;
using Harness.Agent.Running;
using Harness.Core.Registry;
using Suites.Clustering;
using Suites.LlmEdge;

namespace Harness.Device;

/// <summary>The harness without native tensors: what runs on a phone or a small board. It speaks the worker protocol.</summary>
static class Program
{
    const int Usage = 64;

    /// <summary>NVIDIA's management library; another path serves a faithful fake.</summary>
    static string Nvml => Environment.GetEnvironmentVariable("HARNESS_NVML") ?? "libnvidia-ml.so.1";

    const string Help = """
        harness-device worker    serve one trial over the worker protocol (docs/worker-protocol.md)
        harness-device describe  print the device card of this machine as JSON
        harness-device suites    print the suites it carries, one a line
        harness-device agent     serve a fleet with this machine; harness-device agent --help
        """;

    static IReadOnlyList<Suite> Suites { get; } = [ClusteringSuite.Create(), LlmEdgeSuite.Create()];

    static int Main(string[] arguments) => arguments switch
    {
        ["worker"] => Serve(),
        ["agent", .. var options] => AgentMode.Run(Machine(), Version, options),
        ["describe"] => Print(CanonicalJson.Write(Card())),
        ["suites"] => Print(string.Join('\n', Suites.Select(suite => suite.Id))),
        [] or ["--help"] => Print(Help),
        ["--version"] => Print(Version),
        _ => Refuse(arguments),
    };

    static string Version { get; } =
        typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    static DeviceCard Card()
    {
        var gpus = new GpuInventory(Nvml).Read();
        var card = Machine().Describe(null);
        return gpus.Count == 0 ? card : card with { Details = gpus };
    }

    static LocalDevice Machine() => new(new DirectoryInfo("/"), StandardProbes.Sensors(Meters));

    static IReadOnlyList<IMeterKind> Meters { get; } =
        [new NvmlMeters(Nvml), new RaplMeters("/sys"), new HwmonMeters("/sys"), new BatteryMeters("/sys")];

    static int Serve()
    {
        using var protocol = new StreamWriter(StandardOutput.Claim(), new UTF8Encoding(false), bufferSize: 1 << 16);
        var server = new WorkerServer(new Catalogue(Suites), StandardProbes.Of(Meters, "/sys"), TimeProvider.System, Version,
            Environment.Exit)
        {
            Name = "harness-device",
        };
        return server.Run(Console.In, protocol);
    }

    static int Print(string text)
    {
        Console.Out.WriteLine(text);
        return 0;
    }

    static int Refuse(string[] arguments)
    {
        Console.Error.WriteLine($"harness-device does not know '{string.Join(' ', arguments)}'. Allowed:\n{Help}");
        return Usage;
    }
}
