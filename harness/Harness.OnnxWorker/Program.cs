using System.Reflection;
using System.Text;
using Harness.Agent.Measuring;
using Harness.Agent.Measuring.Meters;
using Harness.Agent.Running;
using Harness.Core.Registry;
using Harness.OnnxWorker.Format;
using Microsoft.ML.OnnxRuntime;

namespace Harness.OnnxWorker;

/// <summary>Serves a network that was trained and exported elsewhere, as an ONNX file. It speaks the worker protocol.</summary>
static class Program
{
    const int Usage = 64;

    const string Help = """
        harness-onnx MODEL.onnx worker         serve one trial over the worker protocol (docs/worker-protocol.md)
        harness-onnx MODEL.onnx describe       print the device card, with the version and the execution provider of ONNX Runtime
        harness-onnx MODEL.onnx configuration  print the configuration that a trial of this model has, as JSON
        """;

    static int Main(string[] arguments) => arguments switch
    {
        [var model, "worker"] => Serve(model),
        [_, "describe"] => Print(CanonicalJson.Write(Card())),
        [var model, "configuration"] => Configuration(model),
        [] or ["--help"] => Print(Help),
        ["--version"] => Print(Version),
        _ => Refuse($"harness-onnx does not know '{string.Join(' ', arguments)}'. Allowed:\n{Help}"),
    };

    static string Version { get; } =
        typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    static int Serve(string model)
    {
        using var protocol = new StreamWriter(StandardOutput.Claim(), new UTF8Encoding(false), bufferSize: 1 << 16);
        var server = new WorkerServer(new Catalogue([OnnxSuite.Serving(model)]), StandardProbes.Of(Meters, "/sys"), TimeProvider.System,
            Version, Environment.Exit)
        {
            Name = $"harness-onnx ({OnnxSession.Runtime})",
        };
        return server.Run(Console.In, protocol);
    }

    static DeviceCard Card()
    {
        var machine = new LocalDevice(new DirectoryInfo("/"), StandardProbes.Sensors(Meters)).Describe(null);
        return machine with
        {
            Runtime = $"{OnnxSession.Runtime} on {machine.Runtime}",
            Details = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["execution provider"] = OnnxSession.ExecutionProvider, ["onnxruntime"] = OrtEnv.Instance().GetVersionString(),
            },
        };
    }

    static IReadOnlyList<IMeterKind> Meters { get; } =
        [new RaplMeters("/sys"), new HwmonMeters("/sys"), new BatteryMeters("/sys")];

    static int Configuration(string model)
    {
        try
        {
            var file = OnnxFile.Read(new FileInfo(model));
            return Print(CanonicalJson.Write(new
            {
                divisor = 255, name = Path.GetFileNameWithoutExtension(file.Name), output = OutputKind.Logits, sha256 = file.Sha256,
            }));
        }
        catch (HarnessException error) { return Refuse(error.Message); }
    }

    static int Print(string text)
    {
        Console.Out.WriteLine(text);
        return 0;
    }

    static int Refuse(string message)
    {
        Console.Error.WriteLine(message);
        return Usage;
    }
}
