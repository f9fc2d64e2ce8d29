using Suites.LlmEdge.Files;

namespace Suites.LlmEdge.Kernels;

/// <summary>
/// Kernels without vector instructions: a row is unpacked and multiplied in order. Packed rows meet the coded activations, as in the vector
/// kernels, so that all kernels of a packing compute the same sum in another order.
/// </summary>
static unsafe class ScalarKernels
{
    public static void Singles(byte* weights, int rows, in PanelView x, float* y, int stride) =>
        Floats(Packing.F32, weights, rows, x, y, stride);

    public static void Halves(byte* weights, int rows, in PanelView x, float* y, int stride) =>
        Floats(Packing.F16, weights, rows, x, y, stride);

    public static void BytesOf32(byte* weights, int rows, in PanelView x, float* y, int stride) =>
        Codes(Packing.Q80, weights, rows, x, y, stride);

    public static void NibblesOf32(byte* weights, int rows, in PanelView x, float* y, int stride) =>
        Codes(Packing.Q40, weights, rows, x, y, stride);

    public static void NibblesOf256(byte* weights, int rows, in PanelView x, float* y, int stride) =>
        Codes(Packing.Q4K, weights, rows, x, y, stride);

    public static void SixBitsOf256(byte* weights, int rows, in PanelView x, float* y, int stride) =>
        Codes(Packing.Q6K, weights, rows, x, y, stride);

    static void Floats(Packing packing, byte* weights, int rows, in PanelView x, float* y, int stride)
    {
        var bytes = packing.BlockBytes;
        Span<float> one = stackalloc float[1];
        for (var row = 0; row < rows; row++, weights += (long)x.Width * bytes)
            for (var token = 0; token < x.Tokens; token++)
            {
                var sum = 0f;
                for (var i = 0; i < x.Width; i++)
                {
                    packing.Unpack(new(weights + (long)i * bytes, bytes), one);
                    sum += one[0] * x.Values[(long)token * x.Width + i];
                }
                y[(long)token * stride + row] = sum;
            }
    }

    static void Codes(Packing packing, byte* weights, int rows, in PanelView x, float* y, int stride)
    {
        var (size, bytes) = (packing.BlockElements, packing.BlockBytes);
        Span<float> block = stackalloc float[size];
        for (var row = 0; row < rows; row++)
        {
            for (var token = 0; token < x.Tokens; token++) y[(long)token * stride + row] = 0;
            for (var at = 0; at < x.Width; at += size, weights += bytes)
            {
                packing.Unpack(new(weights, bytes), block);
                for (var token = 0; token < x.Tokens; token++) y[(long)token * stride + row] += Dot(block, x, token, at);
            }
        }
    }

    static float Dot(ReadOnlySpan<float> block, in PanelView x, int token, int at)
    {
        var sum = 0f;
        for (var start = 0; start < block.Length; start += PanelView.Block)
        {
            var index = (long)token * x.Blocks + (at + start) / PanelView.Block;
            var part = 0f;
            for (var i = 0; i < PanelView.Block; i++) part += block[start + i] * x.Codes[index * PanelView.Block + i];
            sum += part * x.Scales[index];
        }
        return sum;
    }
}
