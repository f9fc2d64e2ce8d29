using System.Text;

namespace Harness.Agent.Running;

/// <summary>A worker and everything it started, read from /proc: by session, by parentage, and by a mark in the environment.</summary>
/// <param name="root">Process id of the worker, which leads a session of its own.</param>
/// <param name="mark">Entry of the environment that every descendant inherits, e.g. <c>HARNESS_WORKER=17-3</c>.</param>
sealed class ProcessTree(int root, string mark)
{
    readonly byte[] markBytes = Encoding.UTF8.GetBytes(mark);

    /// <summary>Ids of the living members, the worker itself included. Costs one small file per process of the system.</summary>
    public IReadOnlyList<int> Members() => Find(_ => false);

    /// <summary>As <see cref="Members"/>, and those that left the session and lost their parent. Costs two files per process.</summary>
    public IReadOnlyList<int> AllMembers() => Find(HasMark);

    /// <summary>Resident bytes of a process; null when it is gone or the system does not tell.</summary>
    public static long? ResidentOrNull(int id) => StatusOrNull(id, "VmRSS:");

    /// <summary>Highest resident bytes of a process so far; null when it is gone or the system does not tell.</summary>
    public static long? PeakOrNull(int id) => StatusOrNull(id, "VmHWM:");

    List<int> Find(Func<int, bool> belongs)
    {
        var processes = Processes();
        var members = processes.Where(process => process.Id == root || process.Session == root || belongs(process.Id))
            .Select(process => process.Id).ToHashSet();
        while (processes.Any(process => members.Contains(process.Parent) && members.Add(process.Id))) { }
        var living = processes.Where(process => process.State is not ('Z' or 'X')).Select(process => process.Id);
        return [.. living.Where(members.Contains)];
    }

    bool HasMark(int id)
    {
        try { return File.ReadAllBytes($"/proc/{id}/environ").AsSpan().IndexOf(markBytes) >= 0; }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { return false; }
    }

    static List<(int Id, int Parent, int Session, char State)> Processes()
    {
        var found = new List<(int, int, int, char)>();
        if (!Directory.Exists("/proc")) return found;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), out var id) && TextOrNull($"{folder}/stat") is { } stat)
            {
                // The name in brackets may hold anything, blanks and brackets included; the fields follow the last bracket.
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                found.Add((id, int.Parse(fields[1]), int.Parse(fields[3]), fields[0][0]));
            }
        return found;
    }

    static long? StatusOrNull(int id, string name)
    {
        var line = TextOrNull($"/proc/{id}/status")?.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line is null ? null : 1024 * long.Parse(line[name.Length..].Replace("kB", "").Trim());
    }

    static string? TextOrNull(string path)
    {
        try { return File.ReadAllText(path); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { return null; }
    }
}
