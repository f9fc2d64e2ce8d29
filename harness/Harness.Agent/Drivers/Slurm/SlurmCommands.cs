using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Harness.Agent.Drivers.Slurm;

/// <summary>A job as <c>squeue</c> shows it. <paramref name="Reason"/> is why it waits or how it ended, as Slurm words it.</summary>
sealed record SlurmJob(int Id, string State, string Reason)
{
    static readonly string[] Living = ["PENDING", "CONFIGURING", "RUNNING", "COMPLETING", "SUSPENDED", "REQUEUED", "RESIZING", "STOPPED"];

    public bool Waits => State is "PENDING" or "CONFIGURING" or "REQUEUED";
    public bool Lives => Living.Contains(State);
}

/// <summary>Slurm's own programs.</summary>
sealed class SlurmCommands(IReadOnlyDictionary<string, string> environment)
{
    /// <returns>The number of the job.</returns>
    /// <exception cref="HarnessException">Slurm refuses it.</exception>
    public async Task<int> SubmitAsync(IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var answer = await RunAsync("sbatch", ["--parsable", .. arguments], cancellation);
        return int.TryParse(answer.Split(';')[0].Trim(), CultureInfo.InvariantCulture, out var job)
            ? job
            : throw new HarnessException($"sbatch gave no job number but '{answer.Trim()}'.");
    }

    /// <summary>The job, or null when Slurm no longer lists it.</summary>
    public async Task<SlurmJob?> FindOrNullAsync(int job, CancellationToken cancellation)
    {
        using var document = JsonDocument.Parse(await RunAsync("squeue", ["--json", "--states=all"], cancellation));
        foreach (var entry in document.RootElement.GetProperty("jobs").EnumerateArray())
            if (entry.GetProperty("job_id").GetInt32() == job)
                return new(job, StateOf(entry.GetProperty("job_state")), entry.TryGetProperty("state_reason", out var reason)
                    ? reason.GetString() ?? "" : "");
        return null;
    }

    public Task CancelAsync(int job, IEnumerable<string> arguments, CancellationToken cancellation) =>
        RunAsync("scancel", [.. arguments, $"{job}"], cancellation);

    public async Task<string> VersionAsync(CancellationToken cancellation) =>
        (await RunAsync("sbatch", ["--version"], cancellation)).Trim();

    // Up to 23.02 a word, from then on a list of words, the state first.
    static string StateOf(JsonElement state) =>
        (state.ValueKind == JsonValueKind.Array ? state.EnumerateArray().First().GetString() : state.GetString()) ?? "";

    async Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Started(start);
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellation),
            process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0
            ? texts[0]
            : throw new HarnessException($"{program} ended with code {process.ExitCode}: {texts[1].Trim()}");
    }

    static Process Started(ProcessStartInfo start)
    {
        try { return Process.Start(start)!; }
        catch (Win32Exception error)
        {
            throw new HarnessException($"'{start.FileName}' cannot be started: {error.Message}. Run the agent where Slurm's programs are.",
                error);
        }
    }
}
