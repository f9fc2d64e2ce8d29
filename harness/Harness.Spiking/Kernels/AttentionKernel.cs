using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Harness.Torch;

namespace Harness.Spiking.Kernels;

/// <summary>
/// Products of spiking self-attention: M = Q (K^T V) per head, without its scale. Q, K and V are spikes, so that products are sums of rows
/// where something fired, and of whole numbers: exact in any order. A row of the input is [query, key, value] x [heads] x [width].
/// </summary>
static unsafe class AttentionKernel
{
    /// <param name="input">[samples, tokens, 3, heads, width] of zeros and ones.</param>
    /// <param name="output">Receives [samples, tokens, heads, width].</param>
    /// <param name="width">The most bits of a vector; the widest that divides a head is used.</param>
    public static void Forward(float* input, float* output, AttentionShape shape, int width)
    {
        switch (Dividing(shape.Width, width))
        {
            case 512: Forward<Lanes512>(input, output, shape); break;
            case 256: Forward<Lanes256>(input, output, shape); break;
            default: Forward<Lanes1>(input, output, shape); break;
        }
    }

    /// <param name="outputGradient">dL/dM, as the output.</param>
    /// <param name="inputGradient">Receives dL/d(Q, K, V), as the input.</param>
    public static void Backward(float* input, float* outputGradient, float* inputGradient, AttentionShape shape, int width)
    {
        switch (Dividing(shape.Width, width))
        {
            case 512: Backward<Lanes512>(input, outputGradient, inputGradient, shape); break;
            case 256: Backward<Lanes256>(input, outputGradient, inputGradient, shape); break;
            default: Backward<Lanes1>(input, outputGradient, inputGradient, shape); break;
        }
    }

    static int Dividing(int head, int width) => width >= 512 && head % Lanes512.Width == 0 ? 512
        : width >= 256 && head % Lanes256.Width == 0 ? 256 : 0;

    static void Forward<TLanes>(float* input, float* output, AttentionShape shape) where TLanes : struct, ILanes<TLanes> =>
        KernelTeam.For(shape.Samples * shape.Heads, (first, end) =>
        {
            var context = KernelScratch.Floats(shape.Width * shape.Width);
            for (var part = first; part < end; part++)
                Forward<TLanes>(new(input, output, shape, part), context, shape.Tokens, shape.Width);
        });

    static void Backward<TLanes>(float* input, float* outputGradient, float* inputGradient, AttentionShape shape)
        where TLanes : struct, ILanes<TLanes> => KernelTeam.For(shape.Samples * shape.Heads, (first, end) =>
        {
            var squares = KernelScratch.Floats(4 * shape.Width * shape.Width);
            for (var part = first; part < end; part++)
                Backward<TLanes>(new(input, outputGradient, shape, part), new(inputGradient, outputGradient, shape, part), squares,
                    shape.Tokens, shape.Width);
        });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Forward<TLanes>(AttentionHead head, float* context, int tokens, int width) where TLanes : struct, ILanes<TLanes>
    {
        Context<TLanes>(head, context, tokens, width);
        for (var token = 0; token < tokens; token++) SumWhereFired<TLanes>(head.Query(token), context, head.Output(token), width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Backward<TLanes>(AttentionHead head, AttentionHead target, float* squares, int tokens, int width)
        where TLanes : struct, ILanes<TLanes>
    {
        float* context = squares, turned = context + width * width, gradient = turned + width * width;
        var gradientTurned = gradient + width * width;
        Context<TLanes>(head, context, tokens, width);
        // dL/d(K^T V) = Q^T dL/dM.
        new Span<float>(gradient, width * width).Clear();
        for (var token = 0; token < tokens; token++) AddToFired<TLanes>(head.Query(token), head.Output(token), gradient, width);
        Turn(context, turned, width);
        Turn(gradient, gradientTurned, width);
        for (var token = 0; token < tokens; token++)
        {
            // dL/dQ = dL/dM (K^T V)^T, dL/dK = V (dL/d(K^T V))^T, dL/dV = K dL/d(K^T V).
            Product<TLanes>(head.Output(token), turned, target.Query(token), width);
            SumWhereFired<TLanes>(head.Value(token), gradientTurned, target.Key(token), width);
            SumWhereFired<TLanes>(head.Key(token), gradient, target.Value(token), width);
        }
    }

    // K^T V.
    static void Context<TLanes>(AttentionHead head, float* context, int tokens, int width) where TLanes : struct, ILanes<TLanes>
    {
        new Span<float>(context, width * width).Clear();
        for (var token = 0; token < tokens; token++) AddToFired<TLanes>(head.Key(token), head.Value(token), context, width);
    }

    // target = the sum of the rows of a matrix at which spikes fired.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void SumWhereFired<TLanes>(float* spikes, float* matrix, float* target, int width) where TLanes : struct, ILanes<TLanes>
    {
        for (var column = 0; column < width; column += TLanes.Width)
        {
            var sum = TLanes.Fill(0);
            for (var at = 0; at < width; at += TLanes.Width)
                for (var set = TLanes.Differing(TLanes.Load(spikes + at), TLanes.Fill(0)); set != 0; set &= set - 1)
                    sum += TLanes.Load(matrix + (at + BitOperations.TrailingZeroCount(set)) * width + column);
            TLanes.Store(sum, target + column);
        }
    }

    // The rows of a matrix at which spikes fired += row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddToFired<TLanes>(float* spikes, float* row, float* matrix, int width) where TLanes : struct, ILanes<TLanes>
    {
        for (var column = 0; column < width; column += TLanes.Width)
        {
            var added = TLanes.Load(row + column);
            for (var at = 0; at < width; at += TLanes.Width)
                for (var set = TLanes.Differing(TLanes.Load(spikes + at), TLanes.Fill(0)); set != 0; set &= set - 1)
                {
                    var sum = matrix + (at + BitOperations.TrailingZeroCount(set)) * width + column;
                    TLanes.Store(TLanes.Load(sum) + added, sum);
                }
        }
    }

    // target = row times a matrix.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Product<TLanes>(float* row, float* matrix, float* target, int width) where TLanes : struct, ILanes<TLanes>
    {
        for (var column = 0; column < width; column += TLanes.Width)
        {
            var sum = TLanes.Fill(0);
            for (var at = 0; at < width; at++)
                sum = TLanes.MultiplyAdd(TLanes.Fill(row[at]), TLanes.Load(matrix + at * width + column), sum);
            TLanes.Store(sum, target + column);
        }
    }

    static void Turn(float* matrix, float* turned, int width)
    {
        for (var row = 0; row < width; row++)
            for (var column = 0; column < width; column++) turned[column * width + row] = matrix[row * width + column];
    }
}

/// <param name="Samples">Steps times samples.</param>
/// <param name="Width">Of a head.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct AttentionShape(long Samples, int Tokens, int Heads, int Width);

/// <summary>Rows of one head of one sample.</summary>
[StructLayout(LayoutKind.Auto)]
readonly unsafe ref struct AttentionHead(float* input, float* output, AttentionShape shape, long part)
{
    readonly int row = shape.Heads * shape.Width;
    readonly float* query = input + part / shape.Heads * shape.Tokens * 3 * shape.Heads * shape.Width + part % shape.Heads * shape.Width;
    readonly float* result = output + part / shape.Heads * shape.Tokens * shape.Heads * shape.Width + part % shape.Heads * shape.Width;

    public float* Query(int token) => query + (long)token * 3 * row;
    public float* Key(int token) => Query(token) + row;
    public float* Value(int token) => Query(token) + 2 * row;
    public float* Output(int token) => result + (long)token * row;
}
