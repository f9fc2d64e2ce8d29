using System.Diagnostics;

namespace Harness.Cli.Tests;

/// <summary>Runs the real program in a process of its own, in a folder of its own.</summary>
sealed class HarnessProcess : IDisposable
{
    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("harness-cli-");
    public DirectoryInfo Results => new(Path.Combine(Folder.FullName, "results"));
    public DirectoryInfo Cache => new(Path.Combine(Folder.FullName, "cache"));
    public Dictionary<string, string> Environment { get; } = [];

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "harness"),
            [.. arguments, "--results", Results.FullName, "--cache", Cache.FullName])
        {
            WorkingDirectory = Folder.FullName, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["HARNESS_SIGNING_KEY"] = Path.Combine(Folder.FullName, "key.pem");
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public async Task<Outcome> Run(params string[] arguments)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var process = Start(arguments);
        var data = process.StandardOutput.ReadToEndAsync(cancellation);
        var messages = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return new(process.ExitCode, await data, await messages);
    }

    /// <summary>The same program in this process: most of the time of a short command is starting it.</summary>
    public async Task<Outcome> RunHere(params string[] arguments)
    {
        using StringWriter data = new(), messages = new();
        System.Environment.SetEnvironmentVariable("HARNESS_SIGNING_KEY", Path.Combine(Path.GetTempPath(), "harness-cli-tests-key.pem"));
        var code = await Program.RunAsync([.. arguments, "--results", Results.FullName, "--cache", Cache.FullName],
            new(data, messages, interactive: false));
        return new(code, data.ToString(), messages.ToString());
    }

    public int StoredRuns => Results.Exists ? Results.EnumerateFiles("run.json", SearchOption.AllDirectories)
        .Count(file => !file.FullName.Contains(".incoming")) : 0;

    public void Dispose() => Folder.Delete(recursive: true);
}

sealed record Outcome(int Code, string Data, string Messages)
{
    public override string ToString() => $"exit {Code}\n{Data}\n{Messages}";
}
