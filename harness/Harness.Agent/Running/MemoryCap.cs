using System.Globalization;
using System.Runtime.InteropServices;

namespace Harness.Agent.Running;

/// <summary>
/// Holds this process to so much memory, pages of files included, by a control group of Linux (cgroup v1 or v2): a file that is larger is
/// read again and again, as on a device that has no more. What the process had before is not counted. The group goes with the cap.
/// </summary>
public sealed class MemoryCap : IDisposable
{
    const string Remedy = "run as root on a machine whose memory controller can be written, or start the command with "
        + "`systemd-run --scope -p MemoryMax=…` and leave the cap out";

    readonly DirectoryInfo _group, _before;
    readonly string _peak;
    bool _disposed;

    MemoryCap(DirectoryInfo group, DirectoryInfo before, string peak) => (_group, _before, _peak) = (group, before, peak);

    /// <summary>Most bytes that were in use under the cap; null where the kernel does not tell.</summary>
    public long? PeakOrNull => File.Exists(_peak) ? Number(File.ReadAllText(_peak)) : null;

    /// <summary>Puts this process under a cap.</summary>
    /// <exception cref="HarnessException">Control groups cannot be made here.</exception>
    public static MemoryCap Enter(long bytes) => Enter(bytes, new("/"), Environment.ProcessId);

    /// <param name="root">Where <c>proc</c> and the mounts it names lie.</param>
    internal static MemoryCap Enter(long bytes, DirectoryInfo root, int process)
    {
        try
        {
            var (parent, own, first) = Place(root, process);
            var group = parent.CreateSubdirectory(string.Create(CultureInfo.InvariantCulture, $"harness-{process}"));
            try
            {
                Write(group, first ? "memory.limit_in_bytes" : "memory.max", bytes);
                // Without it what does not fit would go to swap space instead of being read again.
                var swap = first ? "memory.memsw.limit_in_bytes" : "memory.swap.max";
                if (File.Exists(Path.Combine(group.FullName, swap))) Write(group, swap, first ? bytes : 0);
                Write(group, "cgroup.procs", process);
            }
            catch
            {
                TryDelete(group);
                throw;
            }
            return new(group, own, Path.Combine(group.FullName, first ? "memory.max_usage_in_bytes" : "memory.peak"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new HarnessException($"Memory cannot be capped at {bytes:N0} bytes: {error.Message} To cap it {Remedy}.", error);
        }
    }

    // Version 1: a group under our own. Version 2 allows processes in leaves only: a group beside our own.
    static (DirectoryInfo Parent, DirectoryInfo Own, bool First) Place(DirectoryInfo root, int process)
    {
        var proc = Path.Combine(root.FullName, string.Create(CultureInfo.InvariantCulture, $"proc/{process}"));
        if (!File.Exists(Path.Combine(proc, "cgroup"))) throw new IOException("this system has no control groups.");
        var groups = File.ReadAllLines(Path.Combine(proc, "cgroup")).Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3)
            .ToList();
        if (groups.Find(parts => parts[1].Split(',').Contains("memory")) is { } memory)
        {
            var own = Own(root, proc, memory[2], line => line.Type == "cgroup" && line.Options.Split(',').Contains("memory"));
            return (own, own, true);
        }
        if (groups.Find(parts => parts[1].Length == 0) is not { } unified) throw new IOException("there is no memory controller.");
        var leaf = Own(root, proc, unified[2], line => line.Type == "cgroup2");
        var parent = unified[2] == "/" ? leaf : leaf.Parent!;
        var controllers = File.ReadAllText(Path.Combine(parent.FullName, "cgroup.subtree_control"));
        return controllers.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Contains("memory") ? (parent, leaf, false)
            : throw new IOException($"{parent.FullName} does not hand on the memory controller (cgroup.subtree_control).");
    }

    // The part of the hierarchy that a mount shows may begin below its root.
    static DirectoryInfo Own(DirectoryInfo root, string proc, string path, Func<(string Type, string Options), bool> wanted)
    {
        foreach (var line in File.ReadLines(Path.Combine(proc, "mountinfo")))
        {
            var (mount, kind) = (line.Split(" - ")[0].Split(' '), line.Split(" - ")[^1].Split(' '));
            if (mount.Length < 5 || kind.Length < 3 || !wanted((kind[0], kind[2]))) continue;
            var below = mount[3] != "/" && path.StartsWith(mount[3], StringComparison.Ordinal) ? path[mount[3].Length..] : path;
            var own = new DirectoryInfo(Path.Combine(root.FullName, mount[4].TrimStart('/'), below.TrimStart('/')));
            return own.Exists ? own : throw new IOException($"our own group {path} is not to be seen under {mount[4]}.");
        }
        throw new IOException("no memory controller is mounted.");
    }

    static void Write(DirectoryInfo group, string file, long value) =>
        File.WriteAllText(Path.Combine(group.FullName, file), value.ToString(CultureInfo.InvariantCulture));

    static long? Number(string text) => long.TryParse(text.Trim(), CultureInfo.InvariantCulture, out var number) ? number : null;

    // A group that still has processes stays; the system forgets it when it restarts.
    static void TryDelete(DirectoryInfo group)
    {
        try { Directory.Delete(group.FullName); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { }
    }

    /// <summary>Lets the process out again.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        try { Write(_before, "cgroup.procs", Environment.ProcessId); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { return; }
        TryDelete(_group);
    }
}

/// <summary>Pages of files that the kernel keeps in memory.</summary>
public static class PageCache
{
    const int DontNeed = 4;

    /// <summary>Makes the kernel forget the pages of a file: the next reader reads the device. Pages in use elsewhere stay.</summary>
    /// <exception cref="HarnessException">Refused, or not on Linux.</exception>
    public static void Forget(FileInfo file)
    {
        if (!OperatingSystem.IsLinux()) throw new HarnessException("Pages of a file can be forgotten on Linux only.");
        using var handle = File.OpenHandle(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        RandomAccess.FlushToDisk(handle); // pages that are not yet written would stay
        var error = Advise(handle, 0, 0, DontNeed);
        if (error != 0) throw new HarnessException($"Pages of {file.FullName} stay in memory: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    [DllImport("libc", EntryPoint = "posix_fadvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Advise(Microsoft.Win32.SafeHandles.SafeFileHandle file, long offset, long length, int advice);
}
