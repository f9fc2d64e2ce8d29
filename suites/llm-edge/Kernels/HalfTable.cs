namespace Suites.LlmEdge.Kernels;

/// <summary>Every half as a float: no class of x64 instructions that .NET has converts them.</summary>
static unsafe class HalfTable
{
    static readonly NativeBlock Memory = Fill();

    public static readonly float* Values = Memory.Floats;

    static NativeBlock Fill()
    {
        var memory = new NativeBlock((1 << 16) * sizeof(float));
        for (var bits = 0; bits < 1 << 16; bits++) memory.Floats[bits] = (float)BitConverter.UInt16BitsToHalf((ushort)bits);
        return memory;
    }
}
