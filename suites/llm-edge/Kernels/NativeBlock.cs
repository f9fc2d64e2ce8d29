using System.Runtime.InteropServices;

namespace Suites.LlmEdge.Kernels;

/// <summary>Memory outside the collected heap, on a cache line or as asked, zeroed, freed with its last reference.</summary>
sealed unsafe class NativeBlock : SafeHandle
{
    const int Line = 64;
    const nuint HugePage = 2 << 20;
    const int WantHugePages = 14;

    public NativeBlock(long bytes, int alignment = Line) : base(0, ownsHandle: true)
    {
        var size = (nuint)Math.Max(bytes, 1);
        var huge = size >= 4 * HugePage;
        SetHandle((nint)NativeMemory.AlignedAlloc(size, huge ? HugePage : (nuint)alignment));
        // Streaming weights walks many pages; a refusal costs speed and nothing else.
        if (huge && OperatingSystem.IsLinux()) _ = Advise((void*)handle, size, WantHugePages);
        NativeMemory.Clear((void*)handle, size);
        Bytes = bytes;
    }

    public long Bytes { get; }
    public override bool IsInvalid => handle == 0;
    public byte* Pointer => (byte*)handle;
    public float* Floats => (float*)handle;

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }

    [DllImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Advise(void* start, nuint length, int advice);
}
