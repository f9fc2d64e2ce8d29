using System.CommandLine;
using Harness.Datasets.Sources;
using Harness.Torch;

namespace Harness.Cli.Commands;

/// <summary>Says what this machine has, what it lacks and what to do about it.</summary>
static class DoctorCommand
{
    sealed record Finding(string Check, bool Fine, string Found, string Advice);

    public static Command Create(Settings settings)
    {
        var command = new Command("doctor", "Check this machine: native tensors, processor, memory, allocator, data, results.");
        command.SetAction(parsed =>
        {
            var workspace = settings.Of(parsed);
            List<Finding> findings = [Processor(), Memory(), Tensors(), Allocator(), Meters(), Cache(workspace), Data(),
                Results(workspace)];
            if (workspace.Json) settings.Terminal.Json(findings);
            else settings.Terminal.Table(["check", "state", "found", "what to do"],
                [.. findings.Select(finding => (IReadOnlyList<string>)[finding.Check, finding.Fine ? "ok" : "look", finding.Found,
                    finding.Advice])]);
            return findings.TrueForAll(finding => finding.Fine) ? ExitCodes.Ok : ExitCodes.Infrastructure;
        });
        return command;
    }

    static Finding Processor()
    {
        var card = Devices.ThisMachine.Describe(null);
        var fast = card.Instructions is "avx512" or "avx2" or "neon";
        return new("processor", fast, $"{card.Processor}, {card.Cores} cores, {card.Instructions ?? "no vector unit"}", fast ? "–"
            : "kernels run without vectors");
    }

    static Finding Memory()
    {
        var bytes = Devices.ThisMachine.Describe(null).MemoryBytes;
        var enough = bytes >= 7_000_000_000;
        return new("memory", enough, Numbers.Of(bytes, "B"), enough ? "–"
            : "8 GB are advised; lower the batch of training families in the plan");
    }

    static Finding Tensors()
    {
        try
        {
            TorchRuntime.Initialize();
            return new("native tensors", true, $"TorchSharp {typeof(TorchSharp.torch).Assembly.GetName().Version}", "–");
        }
        catch (HarnessException exception)
        {
            return new("native tensors", false, exception.Message, "families that train on tensors end as unsupported rows here");
        }
    }

    // With the C library's allocator training was measured about 15 % slower and to hold three times the memory (docs/decisions/0002).
    static Finding Allocator() => Devices.ThisMachine.AllocatorOrNull() is { } path
        ? new("allocator", true, Path.GetFileName(path), "–")
        : new("allocator", false, "the C library's",
            "apt-get install libtcmalloc-minimal4: workers use it by themselves, train faster and hold less memory");

    static Finding Meters() => Devices.ThisMachine.Describe(null).Sensors is { Count: > 0 } sensors
        ? new("energy meters", true, string.Join(", ", sensors), "–")
        : new("energy meters", true, "none", "energy is estimated here, never measured; `harness energy meters` says why");

    static Finding Cache(Workspace workspace)
    {
        try
        {
            workspace.Cache.Create();
            var free = new DriveInfo(workspace.Cache.FullName).AvailableFreeSpace;
            return new("cache", free > 2_000_000_000, $"{workspace.Cache.FullName}, {Numbers.Of(free, "B")} free", free > 2_000_000_000
                ? "–" : "2 GB are advised");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new("cache", false, exception.Message, "choose a folder that can be written with --cache or HARNESS_CACHE");
        }
    }

    static Finding Data()
    {
        var sources = DataSources.Default;
        return sources.Data is { } folder ? new("data", true, folder.FullName, "–")
            : new("data", true, sources.Offline ? "none, offline" : "official addresses",
                "set HARNESS_DATA to a folder of dataset files to work without a network");
    }

    static Finding Results(Workspace workspace)
    {
        var stores = Stores.Existing(workspace);
        return new("results", true, stores.Count == 0 ? "none yet" : string.Join(", ", stores.Select(folder => folder.FullName)),
            stores.Count == 0 ? "harness run --plan demo" : "–");
    }
}
