using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;

namespace Harness.Agent.Measuring;

/// <summary>Describes the machine this process runs on, without serial numbers, host names or places.</summary>
/// <param name="root">Where <c>proc</c>, <c>etc</c> and <c>usr</c> lie; <c>/</c> on a real machine, a faithful fake in tests.</param>
/// <param name="sensors">Names of the meters that were found to answer.</param>
public sealed partial class LocalDevice(DirectoryInfo root, IReadOnlyList<string> sensors)
{
    const string Allocator = "libtcmalloc_minimal.so.4";

    static readonly string[] LibraryFolders =
        ["usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib64", "usr/lib", "usr/local/lib", "lib"];

    /// <summary>Path of tcmalloc, or null where it is not installed.</summary>
    public string? AllocatorOrNull() =>
        LibraryFolders.Select(folder => Path.Combine(root.FullName, folder, Allocator)).FirstOrDefault(File.Exists);

    /// <param name="allocator">Path of the allocator that workers preload; null is the one of the C library.</param>
    public DeviceCard Describe(string? allocator)
    {
        var processor = ProcessorName();
        var (cores, emulated) = (Environment.ProcessorCount, Emulated());
        var id = $"{Slug(processor)}-{cores}c{(emulated ? $"-{Architecture}-emulated" : "")}";
        return new(id, "cpu", processor, cores, MemoryBytes(), $"{SystemName()} {Architecture}", RuntimeInformation.FrameworkDescription)
        {
            Emulated = emulated,
            Instructions = Instructions(),
            Allocator = allocator is null ? "system" : Path.GetFileName(allocator),
            Sensors = sensors,
        };
    }

    /// <summary>A processor name as part of an id: lower case, without trade marks, clock rates and core counts.</summary>
    public static string Slug(string processor)
    {
        var plain = Marketing().Replace(processor.ToLowerInvariant(), " ");
        var slug = NotInSlug().Replace(plain, "-").Trim('-');
        return slug.Length == 0 ? "cpu" : slug;
    }

    static string Architecture => RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    string ProcessorName() => Field("proc/cpuinfo", "model name", ':') ?? Field("proc/cpuinfo", "Model", ':')
        ?? Field("proc/cpuinfo", "Hardware", ':')
        ?? $"{Architecture} processor";

    string SystemName() => Field("etc/os-release", "PRETTY_NAME", '=')?.Trim('"') ?? RuntimeInformation.OSDescription;

    long MemoryBytes() => Field("proc/meminfo", "MemTotal", ':') is { } total
        && long.TryParse(total.Replace("kB", "").Trim(), out var kilobytes)
        ? kilobytes * 1024
        : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    // User-mode emulation passes the host's cpuinfo through: an Arm process that sees x86 flags does not run on an Arm processor.
    bool Emulated() => RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64
        && (Field("proc/cpuinfo", "flags", ':') is not null || Field("proc/cpuinfo", "vendor_id", ':') is "GenuineIntel" or "AuthenticAMD");

    static string? Instructions() =>
        Vector512.IsHardwareAccelerated ? "avx512" : Avx2.IsSupported ? "avx2" : AdvSimd.IsSupported ? "neon" : null;

    string? Field(string path, string name, char separator)
    {
        var file = Path.Combine(root.FullName, path);
        if (!File.Exists(file)) return null;
        return File.ReadLines(file).Select(line => line.Split(separator, 2))
            .FirstOrDefault(parts => parts.Length == 2 && parts[0].Trim() == name)?[1].Trim();
    }

    // The limits of time guard against bad patterns, and are wide because an emulator on a busy machine is slow.
    [GeneratedRegex(@"\((r|tm|c)\)|@.*$|\b\d+-core\b|\b(cpu|processor)\b|\bwith\b.*$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Marketing();

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex NotInSlug();
}
