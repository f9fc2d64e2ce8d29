using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Torch;

/// <summary>Addresses of tensor data for kernels. A tensor must outlive every use of its address.</summary>
public static unsafe partial class TensorMemory
{
    /// <exception cref="ArgumentException">The tensor is not contiguous float32 on the CPU.</exception>
    public static float* Floats(Tensor tensor) => (float*)Address(tensor, ScalarType.Float32);

    /// <exception cref="ArgumentException">The tensor is not contiguous uint8 on the CPU.</exception>
    public static byte* Bytes(Tensor tensor) => (byte*)Address(tensor, ScalarType.Byte);

    /// <exception cref="ArgumentException">The tensor is not contiguous int64 on the CPU.</exception>
    public static long* Longs(Tensor tensor) => (long*)Address(tensor, ScalarType.Int64);

    static nint Address(Tensor tensor, ScalarType type)
    {
        if (tensor.dtype != type || !tensor.is_contiguous() || tensor.device_type != DeviceType.CPU)
            throw new ArgumentException($"A kernel needs a contiguous {type} tensor on the CPU, not {tensor.dtype} on {tensor.device_type}"
                + $"{(tensor.is_contiguous() ? "" : " with strides")}.", nameof(tensor));
        return THSTensor_data(tensor.Handle);
    }

    [LibraryImport("LibTorchSharp")]
    private static partial nint THSTensor_data(nint tensor);
}
