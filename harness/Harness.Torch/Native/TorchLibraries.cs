using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Harness.Torch.Native;

/// <summary>
/// Loads libtorch and its binding. On systems older than the binding's compiler it loads a copy with one weakened requirement.
/// </summary>
static partial class TorchLibraries
{
    public const string BindingName = "LibTorchSharp";
    public const string ThreadTeam = "libgomp-98b21ff3.so.1";
    const string BindingFile = "libLibTorchSharp.so";
    // Its only symbol, ios_base_library_init, is a marker that nothing calls; Debian 12's libstdc++ ends at 3.4.30.
    const string NewestVersion = "GLIBCXX_3.4.32";
    const string Core = "libc10.so";
    const int ErrorLevel = 2;
    const string SpinsBeforeSleep = "1000"; // some tens of microseconds
    static readonly string[] Engine = [ThreadTeam, Core, "libtorch_cpu.so", "libtorch.so"];

    public static string FindEngine(string file) => NativeFolders.Find(file, "Harness.Torch.LibTorchDirectory", "libtorch-cpu-linux-x64");

    /// <exception cref="HarnessException">The platform is not linux-x64, a file is missing, or the system refuses to load one.</exception>
    public static nint Load()
    {
        var binding = LoadBinding();
        ScalarLifetime.Extend(binding);
        return binding;
    }

    static nint LoadBinding()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            throw new HarnessException($"Tensors run on linux-x64 only; this is {RuntimeInformation.RuntimeIdentifier}. "
                + "Run torch families on a linux-x64 agent, or leave them out of the plan.");
        KeepToTrustedVectors();
        YieldSoon();
        foreach (var file in Engine) LoadOne(FindEngine(file));
        LogErrorsOnly(LoadOne(FindEngine(Core)));
        var binding = NativeFolders.Find(BindingFile, "Harness.Torch.BindingDirectory", "torchsharp");
        try
        {
            return NativeLibrary.Load(binding);
        }
        catch (DllNotFoundException error) when (error.Message.Contains(NewestVersion, StringComparison.Ordinal))
        {
            return LoadOne(WeakenedCopy(binding, CacheFolder()));
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            throw Refused(binding, error);
        }
    }

    // Convolutions with 512-bit vectors read memory that nobody wrote (docs/decisions/0022). What a user has set is kept; .NET's own
    // SetEnvironmentVariable does not reach native code.
    static void KeepToTrustedVectors() => _ = SetVariable("ONEDNN_MAX_CPU_ISA", "AVX2", 0);

    // By default a thread that waits for its team keeps its processor for milliseconds, in which the one it waits for could have run:
    // two trainings beside each other took four times as long as one (docs/decisions/0037).
    static void YieldSoon()
    {
        if (Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null or "") _ = SetVariable("GOMP_SPINCOUNT", SpinsBeforeSleep, 0);
    }

    // Else every convolution says on some processors that NNPACK does not know them.
    static void LogErrorsOnly(nint core)
    {
        if (NativeLibrary.TryGetExport(core, "FLAGS_caffe2_log_level", out var level)) Marshal.WriteInt32(level, ErrorLevel);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetVariable(string name, string value, int overwrite);

    static nint LoadOne(string file)
    {
        try
        {
            return NativeLibrary.Load(file);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            throw Refused(file, error);
        }
    }

    static HarnessException Refused(string file, Exception error) =>
        new($"The system refuses to load {file}: {error.Message}", error);

    /// <summary>The path of a copy of <paramref name="binding"/> that loads without <c>GLIBCXX_3.4.32</c>; one per content.</summary>
    /// <exception cref="HarnessException">The file has another layout than expected, or the copy cannot be written.</exception>
    internal static string WeakenedCopy(string binding, string cache)
    {
        var bytes = File.ReadAllBytes(binding);
        var name = Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
        try
        {
            var weakened = ElfVersionNeeds.Weaken(bytes, NewestVersion);
            if (weakened != 1)
                throw new InvalidDataException($"It requires {NewestVersion} {weakened} times, where one time was expected.");
            var folder = Directory.CreateDirectory(Path.Combine(cache, name)).FullName;
            var copy = Path.Combine(folder, BindingFile);
            if (File.Exists(copy) && File.ReadAllBytes(copy).AsSpan().SequenceEqual(bytes)) return copy;
            var temporary = $"{copy}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, copy, overwrite: true);
            return copy;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new HarnessException($"{binding} needs {NewestVersion}, which this system's libstdc++ lacks, and no adapted copy could "
                + $"be made in {cache}: {error.Message} Use a system with gcc 13 or newer, or make the folder writable.", error);
        }
    }

    static string CacheFolder()
    {
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache) return Path.Combine(cache, "harness", "native");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 0
            ? Path.Combine(home, ".cache", "harness", "native")
            : Path.Combine(Path.GetTempPath(), $"harness-{Environment.UserName}", "native");
    }
}
