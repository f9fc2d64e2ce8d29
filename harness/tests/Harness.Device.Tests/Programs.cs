using System.Reflection;
using System.Text.Json;
using Harness.Agent.Drivers;
using Harness.Agent.Drivers.Programs;
using Harness.Agent.Running;

namespace Harness.Device.Tests;

/// <summary>The published programs, and what it takes to run them here.</summary>
static class Programs
{
    public const string Emulator = "/usr/bin/qemu-aarch64-static";
    const string ArmLoader = "/lib/ld-linux-aarch64.so.1";

    public static WorkerLimits Patient { get; } = new() { Time = TimeSpan.FromMinutes(5), Silence = TimeSpan.FromMinutes(4) };

    /// <summary>Path of the program for a platform, e.g. <c>linux-arm64</c>.</summary>
    public static string PathFor(string platform)
    {
        var published = typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(entry => entry.Key == "Published");
        return Path.GetFullPath(Path.Combine($"{published.Value}_{platform}", "harness-device"));
    }

    /// <summary>The checkout that these tests were built from.</summary>
    public static string Repository { get; } = Checkout();

    static string Checkout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "harness.sln"))) return folder.FullName;
        throw new InvalidOperationException($"No harness.sln above {AppContext.BaseDirectory}.");
    }

    public static void SkipWithoutEmulator()
    {
        if (!File.Exists(Emulator)) Assert.Skip($"{Emulator} is not installed (Debian package qemu-user-static).");
        if (!File.Exists(ArmLoader)) Assert.Skip($"{ArmLoader} is missing: install libc6:arm64 and libstdc++6:arm64.");
    }

    public static ProgramAgent Agent(string platform, DirectoryInfo cache)
    {
        var program = PathFor(platform);
        var command = platform == "linux-arm64" ? new WorkerCommand(Emulator, [program]) : new WorkerCommand(program, []);
        return new(command, cache, new DriverOptions("cpu") { Limits = Patient, LatencySamples = 5, CountSamples = 8 },
            TimeProvider.System);
    }

    /// <summary>Needs real weights and texts, which a program that lies elsewhere finds by this variable only.</summary>
    public static Trial Stories()
    {
        if (Environment.GetEnvironmentVariable("HARNESS_DATA") is null)
            Environment.SetEnvironmentVariable("HARNESS_DATA", Path.Combine(Repository, "..", "shared", "data"));
        return new("llm-edge", "texts", "tinystories-5@1", "stories260k@1",
            JsonSerializer.SerializeToElement(new { weights = "Q4_0", prompt = 16, generate = 16 }), 1, "cpu", 1) { Limit = 1 };
    }

    public static Trial Clustering(string configuration = """{"clusters":5,"restarts":2,"tolerance":0.0001,"maxIterations":50}""") =>
        new("clustering", "points", "blobs@1", "k-means@1", JsonDocument.Parse(configuration).RootElement, 1, "cpu", 1) { Limit = 64 };
}
