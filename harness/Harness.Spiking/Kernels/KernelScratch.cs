using System.Runtime.InteropServices;

namespace Harness.Spiking.Kernels;

/// <summary>One growing buffer per thread for what a kernel repacks: the same pages are used again instead of faulted in anew.</summary>
static unsafe class KernelScratch
{
    const nuint Alignment = 64;

    [ThreadStatic] static float* buffer;
    [ThreadStatic] static long capacity;

    /// <summary>Room for <paramref name="count"/> values, not cleared; valid until the thread asks again.</summary>
    public static float* Floats(long count)
    {
        if (count <= capacity) return buffer;
        NativeMemory.AlignedFree(buffer);
        buffer = null;
        capacity = 0;
        buffer = (float*)NativeMemory.AlignedAlloc(checked((nuint)count * sizeof(float)), Alignment);
        capacity = count;
        return buffer;
    }
}
