using System.Diagnostics;
using System.Text.Json;

namespace Harness.Device.Tests;

/// <summary>The one command that starts a whole fleet on one machine, as users run it.</summary>
public sealed class FleetDemoTests : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fleet-demo");

    [Fact]
    public async Task One_command_runs_a_plan_on_three_devices_and_every_result_names_its_device()
    {
        Programs.SkipWithoutEmulator();
        foreach (var program in new[] { "nats-server", "adb" }) SkipWithout(program);

        var (code, log) = await RunAsync();

        Assert.True(code == 0, log);
        Assert.Contains("| workstation", log);
        var runs = Directory.EnumerateFiles(folder.FullName, "run.json", SearchOption.AllDirectories)
            .Select(file => JsonDocument.Parse(File.ReadAllBytes(file)).RootElement).ToList();
        Assert.All(runs, run => Assert.Equal("ok", run.GetProperty("state").GetString()));
        Assert.Equal([("arm-emulated", "cpu-arm64", true), ("arm-emulated", "cpu-arm64", true), ("fake-phone", "phone", true),
            ("fake-phone", "phone", true), ("workstation", "cpu", false), ("workstation", "cpu", false)],
            runs.Select(run => run.GetProperty("device")).Select(device => (device.GetProperty("id").GetString()!,
                device.GetProperty("class").GetString()!, device.GetProperty("emulated").GetBoolean())).Order());
        // The same clusters on every processor.
        foreach (var protocol in runs.GroupBy(run => run.GetProperty("trial").GetProperty("protocol").GetString()))
            Assert.Single(protocol.Select(Score).Distinct());
    }

    public void Dispose() => folder.Delete(recursive: true);

    static double Score(JsonElement run) => run.GetProperty("metrics").EnumerateArray()
        .Single(metric => metric.GetProperty("metric").GetString() == "adjusted-rand-index").GetProperty("value").GetDouble();

    async Task<(int Code, string Log)> RunAsync()
    {
        var start = new ProcessStartInfo(Path.Combine(Root(), "harness", "fleet-demo"), [folder.FullName])
        { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["HARNESS_BUILT"] = "1";
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        return (process.ExitCode, await output + await errors);
    }

    static void SkipWithout(string program)
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(place => File.Exists(Path.Combine(place, program))))
            Assert.Skip($"{program} is not installed (Debian package of that name).");
    }

    static string Root()
    {
        var place = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(place!.FullName, "harness.sln"))) place = place.Parent;
        return place.FullName;
    }
}
