using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Suites.LlmEdge.Offloading.Direct;

/// <summary>Opens files so that reads go to the device and not to the page cache; offsets, lengths and memory are multiples of
/// <see cref="Block"/>.</summary>
static class DirectFile
{
    public const int Block = 4096;

    /// <summary>So many bytes in whole blocks.</summary>
    public static int Whole(int bytes) => (bytes + Block - 1) / Block * Block;

    const int ReadOnly = 0, CloseOnExec = 0x80000;
    const int InvalidArgument = 22;

    // asm-generic/fcntl.h has 0o40000; Arm takes that for O_DIRECTORY and has 0o200000.
    static int Direct => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x10000 : 0x4000;

    /// <exception cref="HarnessException">The system or the file system has no direct reads.</exception>
    public static SafeFileHandle Open(FileInfo file)
    {
        if (!OperatingSystem.IsLinux())
            throw new HarnessException("Direct reads are supported on Linux only; choose virtual storage.");
        var handle = Open(file.FullName, ReadOnly | CloseOnExec | Direct);
        var error = Marshal.GetLastPInvokeError();
        if (handle >= 0) return new(handle, ownsHandle: true);
        throw new HarnessException(error == InvalidArgument
            ? $"The file system of {file.FullName} has no direct reads (O_DIRECT); put the cache on a disk, or choose virtual storage."
            : $"{file.FullName} cannot be opened for direct reads: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
