using System.Text.Json;
using Harness.Core.Planning;
using Harness.Results;

namespace Harness.Cli;

/// <summary>What a session set out to do; which trials are done is read from the stored runs, never kept twice.</summary>
sealed record SessionFile(string Id, string Plan, string Purpose, string CommandLine, DateTimeOffset Started, double? TimeLimitSeconds,
    long? MemoryLimitBytes, bool SkipExisting, IReadOnlyList<Trial> Trials)
{
    public PlanLimits Limits => new(TimeLimitSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null, MemoryLimitBytes);
}

/// <summary>The session files of a results folder, so that a session that was cut off can be finished.</summary>
static class Sessions
{
    public static void Write(DirectoryInfo results, SessionFile session)
    {
        var folder = Directory.CreateDirectory(Path.Combine(results.FullName, "sessions"));
        var path = Path.Combine(folder.FullName, $"{session.Id}.json");
        using (var file = new FileStream($"{path}.part", FileMode.Create))
        {
            JsonSerializer.Serialize(file, session, CanonicalJson.Options);
            file.Flush(flushToDisk: true);
        }
        File.Move($"{path}.part", path, overwrite: true);
    }

    /// <param name="name">A session id, or null for the newest.</param>
    public static SessionFile Read(DirectoryInfo results, string? name)
    {
        var folder = new DirectoryInfo(Path.Combine(results.FullName, "sessions"));
        var files = folder.Exists ? folder.EnumerateFiles("*.json").OrderBy(file => file.Name, StringComparer.Ordinal).ToList() : [];
        if (files.Count == 0) throw new HarnessException($"No sessions in {folder.FullName}: start one with `harness run --plan demo`.");
        var chosen = name is null or "latest" ? files[^1] : files.Find(file => Path.GetFileNameWithoutExtension(file.Name) == name)
            ?? throw new HarnessException($"No session '{name}' in {folder.FullName}; the newest is {Path.GetFileNameWithoutExtension(files[^1].Name)}.");
        using var stream = chosen.OpenRead();
        return JsonSerializer.Deserialize<SessionFile>(stream, CanonicalJson.Options)
            ?? throw new HarnessException($"{chosen.FullName} is empty; remove it.");
    }
}
