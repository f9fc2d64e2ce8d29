using Harness.Agent.Measuring;
using Harness.Agent.Running;

namespace Harness.Agent.Tests.Running;

/// <summary>Workers written in a few lines of shell, and the agent that runs them.</summary>
static class Shell
{
    public const string Hello = """echo '{"type":"hello","protocol":1,"worker":"sh","version":"1"}'; """;
    public const string Finish = """echo '{"type":"finished","state":"ok"}'; """;

    public static WorkerLimits Quick { get; } = new()
    {
        Time = TimeSpan.FromSeconds(20), Silence = TimeSpan.FromSeconds(10), Grace = TimeSpan.FromSeconds(2),
        MemoryPeriod = TimeSpan.FromMilliseconds(10),
    };

    public static LocalAgent Agent(string script, WorkerLimits? limits = null) => Agent(new WorkerCommand("/bin/sh", ["-c", script]),
        limits);

    public static LocalAgent Agent(WorkerCommand command, WorkerLimits? limits = null) =>
        new(new(command, new DirectoryInfo(Path.GetTempPath())) { Limits = limits ?? Quick, Batch = 4, LatencySamples = 5,
            CountSamples = 6 },
            new LocalDevice(new DirectoryInfo("/"), []), TimeProvider.System);

    /// <summary>Everything the agent tells of one run, with what every run must obey.</summary>
    public static async Task<List<Observation>> ObserveAsync(LocalAgent agent, Trial? trial = null, CancellationToken? cancellation = null)
    {
        var observations = new List<Observation>();
        await foreach (var observation in agent.RunAsync(trial ?? Sums.Trial(), cancellation ?? TestContext.Current.CancellationToken))
            observations.Add(observation);
        Assert.Single(observations.OfType<Finished>());
        Assert.IsType<Finished>(observations[^1]);
        return observations;
    }

    public static async Task<Finished> FinishAsync(string script, WorkerLimits? limits = null, CancellationToken? cancellation = null)
    {
        await using var agent = Agent(script, limits);
        return (Finished)(await ObserveAsync(agent, cancellation: cancellation))[^1];
    }

    /// <summary>Ids of living or unburied processes whose command line holds a word.</summary>
    public static List<int> ProcessesWith(string word) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Where(name => int.TryParse(name, out _) && CommandLine(name!).Contains(word, StringComparison.Ordinal))
                .Select(name => int.Parse(name!))];

    /// <summary>Ids of the children of this process that have ended and were never waited for.</summary>
    public static List<int> Zombies() =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _))
            .Select(name => (Id: int.Parse(name!), Stat: Text($"/proc/{name}/stat"))).Where(process => process.Stat.Length > 0)
            .Select(process => (process.Id, Fields: process.Stat[(process.Stat.LastIndexOf(')') + 2)..].Split(' ')))
            .Where(process => process.Fields[0] == "Z" && process.Fields[1] == $"{Environment.ProcessId}").Select(process => process.Id)];

    static string CommandLine(string id) => Text($"/proc/{id}/cmdline");

    static string Text(string path)
    {
        try { return File.ReadAllText(path); }
        catch (IOException) { return ""; }
    }
}
