using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Harness.Torch.Native;

/// <summary>
/// Frees the scalars of TorchSharp some seconds after it asks for it. Its operators hand the address of a temporary scalar to libtorch,
/// and the garbage collector may finalize the object before libtorch has read it (docs/decisions/0036).
/// </summary>
static unsafe partial class ScalarLifetime
{
    /// <summary>A scalar lives at least this long after it was disposed; a native call has read its scalars within microseconds.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);

    const string Release = "THSTorch_dispose_scalar";
    const string Delete = "_ZdlPv"; // operator delete(void*)
    const int Read = 1, Write = 2, Execute = 4;

    static readonly Lock Gate = new();
    static readonly TwoAges Waiting = new(Shortest);
    static delegate* unmanaged<nint, void> delete;

    /// <summary>
    /// Lets the binding's own function jump to <see cref="Dispose"/>. Once per process, before TorchSharp makes its first scalar.
    /// </summary>
    /// <exception cref="HarnessException">The system forbids to change code in memory.</exception>
    public static void Extend(nint binding)
    {
        delete = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(binding, Delete);
        delegate* unmanaged<nint, void> target = &Dispose;
        Redirect(NativeLibrary.GetExport(binding, Release), (nint)target);
    }

    [UnmanagedCallersOnly]
    static void Dispose(nint scalar)
    {
        if (scalar == 0) return;
        lock (Gate)
        {
            foreach (var old in Waiting.Exchange(scalar, Stopwatch.GetTimestamp())) delete(old);
        }
    }

    // mov rax, target; jmp rax: twelve bytes of the function's fifty-one. Loading it again would undo it, but it is never unloaded.
    static void Redirect(nint function, nint target)
    {
        ReadOnlySpan<byte> jump = [0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xE0];
        var page = function & -Environment.SystemPageSize;
        var length = (nuint)(function + jump.Length - page);
        Protect(page, length, Read | Write);
        jump.CopyTo(new Span<byte>((void*)function, jump.Length));
        Unsafe.WriteUnaligned((void*)(function + 2), target);
        Protect(page, length, Read | Execute);
    }

    static void Protect(nint page, nuint length, int access)
    {
        if (SetProtection(page, length, access) != 0)
            throw new HarnessException($"The system forbids to change {Release} in memory (mprotect: "
                + $"{Marshal.GetLastPInvokeErrorMessage()}), without which trainings fail now and then. Allow modified code for this "
                + "process (on SELinux: execmod).");
    }

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetProtection(nint address, nuint length, int access);
}
