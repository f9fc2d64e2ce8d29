using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Suites.LlmEdge.Files;

namespace Suites.LlmEdge.Kernels;

/// <summary>
/// Widest registers that kernels use: of 128 bits on Arm (AdvSimd), else of 256 or 512 bits. Products of bytes stay at 256 bits: .NET has
/// no 512-bit dot product of bytes.
/// </summary>
public enum Instructions { Scalar, Vector128, Vector256, Vector512 }

/// <summary>
/// y[token · stride + row] = weights[row] · x[token] for some rows and all tokens of a panel. Chosen once for a matrix, at run time.
/// </summary>
unsafe readonly struct MatrixKernel(delegate*<byte*, int, in PanelView, float*, int, void> run, Layout layout)
{
    /// <summary>Arguments: weights, rows, panel, outputs, stride.</summary>
    public delegate*<byte*, int, in PanelView, float*, int, void> Run { get; } = run;

    /// <summary>What it reads of the panel.</summary>
    public Layout Layout { get; } = layout;

    /// <summary>The best of this machine.</summary>
    public static Instructions Best =>
        Vector512.IsHardwareAccelerated && Avx512BW.IsSupported ? Instructions.Vector512
        : Avx2.IsSupported && Fma.IsSupported ? Instructions.Vector256
        : Vector128.IsHardwareAccelerated ? Instructions.Vector128 : Instructions.Scalar;

    /// <exception cref="HarnessException">The machine lacks these instructions.</exception>
    public static MatrixKernel Of(Packing packing, Instructions instructions)
    {
        if (instructions > Best)
            throw new HarnessException($"This processor computes with {Best} at most, not with {instructions}; ask for less.");
        return (packing.Name, instructions) switch
        {
            ("F32", Instructions.Vector512) => new(&FloatKernels.Singles512, Layout.Floats),
            ("F32", Instructions.Vector256) => new(&FloatKernels.Singles256, Layout.Floats),
            ("F32", Instructions.Vector128) => new(&FloatKernels.Singles128, Layout.Floats),
            ("F32", _) => new(&ScalarKernels.Singles, Layout.Floats),
            ("F16", Instructions.Vector512) => new(&FloatKernels.Halves512, Layout.Floats),
            ("F16", Instructions.Vector256) => new(&FloatKernels.Halves256, Layout.Floats),
            ("F16", Instructions.Vector128) => new(&FloatKernels.Halves128, Layout.Floats),
            ("F16", _) => new(&ScalarKernels.Halves, Layout.Floats),
            ("Q8_0", Instructions.Scalar) => new(&ScalarKernels.BytesOf32, Layout.Bytes),
            ("Q8_0", Instructions.Vector128) => new(&Vector128Kernels.BytesOf32, Layout.Bytes),
            ("Q8_0", _) => new(&ByteKernels.BytesOf32, Layout.Bytes),
            ("Q4_0", Instructions.Scalar) => new(&ScalarKernels.NibblesOf32, Layout.Bytes),
            ("Q4_0", Instructions.Vector128) => new(&Vector128Kernels.NibblesOf32, Layout.Bytes),
            ("Q4_0", _) => new(&ByteKernels.NibblesOf32, Layout.Pairs),
            ("Q4_K", Instructions.Scalar) => new(&ScalarKernels.NibblesOf256, Layout.Bytes),
            ("Q4_K", Instructions.Vector128) => new(&Vector128Kernels.NibblesOf256, Layout.Bytes),
            ("Q4_K", _) => new(&SuperBlockKernels.NibblesOf256, Layout.Bytes),
            ("Q6_K", Instructions.Scalar) => new(&ScalarKernels.SixBitsOf256, Layout.Bytes),
            ("Q6_K", Instructions.Vector128) => new(&Vector128Kernels.SixBitsOf256, Layout.Bytes),
            ("Q6_K", _) => new(&SuperBlockKernels.SixBitsOf256, Layout.Bytes),
            _ => throw new HarnessException($"There is no kernel for {packing.Name}."),
        };
    }
}
