using System.Collections.Concurrent;
using System.Globalization;
using Harness.Queue.Protocol;

namespace Harness.Queue.Coordinating;

/// <summary>
/// What happened in the fleet, a line each: time, device, what, why. Every refusal is a line and is counted. The lines of a device are kept
/// in a file of its own, which starts anew at a megabyte and keeps the one before.
/// </summary>
public sealed class FleetJournal(DirectoryInfo? folder, TimeProvider time, Action<string> tell)
{
    const long LongestFile = 1 << 20;
    const int LongestReason = 500;

    readonly Lock _gate = new();
    readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Counters by name, e.g. <c>completions</c> or <c>refused:not_yours</c>.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    public void Count(string name) => _counts.AddOrUpdate(name, 1, (_, count) => count + 1);

    public void Refused(string device, string verb, Refusal refusal, string reason)
    {
        Count($"refused:{Word(refusal)}");
        Note(device, $"refused {verb} ({Word(refusal)}): {reason}");
    }

    public void Note(string device, string text)
    {
        var plain = string.Concat(text.Take(LongestReason).Select(letter => char.IsControl(letter) ? ' ' : letter));
        var at = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var line = $"{at} {device} {plain}";
        lock (_gate)
        {
            Append(device, line);
            tell(line);
        }
    }

    /// <summary>The last lines of a device, oldest first.</summary>
    public IReadOnlyList<string> Tail(string device, int lines)
    {
        if (folder is null) return [];
        lock (_gate)
        {
            var files = new[] { FileOf(device) + ".1", FileOf(device) }.Where(File.Exists);
            return [.. files.SelectMany(File.ReadAllLines).TakeLast(lines)];
        }
    }

    public static string Word<T>(T value) where T : struct, Enum => CanonicalJson.Write(value).Trim('"');

    // A journal that cannot be written is no reason to stop a fleet; the line was told all the same.
    void Append(string device, string line)
    {
        if (folder is null) return;
        var path = FileOf(device);
        try
        {
            folder.Create();
            if (new FileInfo(path) is { Exists: true, Length: > LongestFile }) File.Move(path, path + ".1", overwrite: true);
            File.AppendAllText(path, line + "\n");
        }
        catch (IOException)
        {
            Count("journal:unwritten");
        }
    }

    string FileOf(string device) => Path.Combine(folder!.FullName, $"{DeviceRegistry.CheckName(device)}.log");
}
