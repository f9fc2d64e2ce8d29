namespace Harness.Spiking.Kernels;

static unsafe class KernelMemory
{
    public static void Copy(float* source, float* target, int count) => new ReadOnlySpan<float>(source, count).CopyTo(new(target, count));
}
