using System.Runtime.Intrinsics;

namespace Harness.Spiking.Kernels;

/// <summary>Which vectors kernels run on: chosen once from the processor, and by tests to compare the texts of all widths.</summary>
static class VectorWidth
{
    /// <summary>Bits of the widest vectors that this processor runs in hardware; 0 is scalar.</summary>
    public static int Widest { get; } =
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated && System.Runtime.Intrinsics.X86.Fma.IsSupported ? 256 : 0;
}
