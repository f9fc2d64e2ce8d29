using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Harness.Spiking.Neurons;
using Harness.Torch;

namespace Harness.Spiking.Kernels;

/// <summary>
/// Shape of one kernel call: arrays are [steps, neurons]; with <paramref name="Constant"/> the input has one step, used at all.
/// </summary>
readonly record struct LifShape(int Steps, long Neurons, bool Constant);

/// <summary>
/// All time steps of a layer in one pass per direction: a tensor graph of the same equations moves every intermediate through memory
/// once per step. The widest vectors of the processor are chosen at run time.
/// </summary>
static unsafe class LifKernel
{
    // A thread's piece: long enough to hide the call, short enough to balance; a multiple of every width. Its neurons take a step one after
    // the other, before the next step: steps lie far apart, often by a multiple of 4 KiB, and few values of each in turn would throw each
    // other out of the cache. What a piece carries from step to step stays in the first level.
    const int Piece = 4096;

    // Potentials of a tile at all steps, which the way back computes again from X: what a gradient needs then never lies in memory.
    const int TapeValues = 16384, LeastTile = 64;

    /// <param name="input">X, [steps or 1, neurons].</param>
    /// <param name="spikes">Receives S, [steps, neurons].</param>
    public static void Forward(float* input, float* spikes, LifShape shape, LifParameters lif) =>
        Forward(input, spikes, shape, lif, VectorWidth.Widest);

    /// <param name="spikeGradient">dL/dS, [steps, neurons].</param>
    /// <param name="input">X of the forward pass.</param>
    /// <param name="inputGradient">Receives dL/dX, [steps or 1, neurons].</param>
    public static void Backward(float* spikeGradient, float* input, float* inputGradient, LifShape shape, LifParameters lif) =>
        Backward(spikeGradient, input, inputGradient, shape, lif, VectorWidth.Widest);

    internal static void Forward(float* input, float* spikes, LifShape shape, LifParameters lif, int width) =>
        InPieces(shape, (first, end) =>
        {
            switch (width)
            {
                case 512: first = Forward<Lanes512>(input, spikes, first, end, shape, lif); break;
                case 256: first = Forward<Lanes256>(input, spikes, first, end, shape, lif); break;
            }
            Forward<Lanes1>(input, spikes, first, end, shape, lif);
        });

    internal static void Backward(float* spikeGradient, float* input, float* inputGradient, LifShape shape, LifParameters lif, int width)
        => SurrogateSlopes.Run(lif.Surrogate, new BackwardKernel(spikeGradient, input, inputGradient, shape, lif, width));

    [StructLayout(LayoutKind.Auto)]
    readonly struct BackwardKernel(float* spikeGradient, float* input, float* inputGradient, LifShape shape, LifParameters lif, int width)
        : ISlopeKernel
    {
        readonly float* spikeGradient = spikeGradient, input = input, inputGradient = inputGradient;

        public void Run<TSlope>() where TSlope : ISurrogateSlope =>
            Backward<TSlope>(spikeGradient, input, inputGradient, shape, lif, width);
    }

    static void Backward<TSlope>(float* spikeGradient, float* input, float* inputGradient, LifShape shape, LifParameters lif, int width)
        where TSlope : ISurrogateSlope => InPieces(shape, (first, end) =>
        {
            switch (width)
            {
                case 512: first = Backward<Lanes512, TSlope>(spikeGradient, input, inputGradient, first, end, shape, lif); break;
                case 256: first = Backward<Twice<Lanes256>, TSlope>(spikeGradient, input, inputGradient, first, end, shape, lif); break;
            }
            Backward<Lanes1, TSlope>(spikeGradient, input, inputGradient, first, end, shape, lif);
        });

    static void InPieces(LifShape shape, Action<long, long> run) => KernelTeam.For((shape.Neurons + Piece - 1) / Piece,
        (first, end) => run(first * Piece, Math.Min(shape.Neurons, end * Piece)));

    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    static long Forward<TLanes>(float* input, float* spikes, long first, long end, LifShape shape, LifParameters lif)
        where TLanes : struct, ILanes<TLanes>
    {
        var equations = new LifEquations<TLanes>(lif);
        var stride = shape.Constant ? 0 : shape.Neurons;
        var potentials = stackalloc float[Piece];
        for (var piece = first; piece + TLanes.Width <= end; piece += Piece)
        {
            var count = (int)Math.Min(Piece, end - piece);
            for (var at = 0; at + TLanes.Width <= count; at += TLanes.Width) TLanes.Store(equations.Rest, potentials + at);
            for (var step = 0; step < shape.Steps; step++)
            {
                float* x = input + step * stride + piece, s = spikes + step * shape.Neurons + piece;
                for (var at = 0; at + TLanes.Width <= count; at += TLanes.Width)
                {
                    var h = equations.Charge(TLanes.Load(potentials + at), TLanes.Load(x + at));
                    TLanes.Store(equations.Fire(h), s + at);
                    TLanes.Store(equations.Reset(h), potentials + at);
                }
            }
        }
        return first + (end - first) / TLanes.Width * TLanes.Width;
    }

    /// <summary>
    /// dL/d(1 / tau), from what the backward pass gave: the sum over steps and neurons of dL/dH dH/d(1 / tau). Added up in pieces of equal
    /// size in their order, so that the sum does not depend on the number of threads.
    /// </summary>
    public static double LeakGradient(float* input, float* inputGradient, LifShape shape, LifParameters lif)
    {
        var sums = new double[(shape.Neurons + Piece - 1) / Piece];
        KernelTeam.For(sums.Length, (first, end) =>
        {
            for (var piece = first; piece < end; piece++)
                sums[piece] = LeakGradient(input, inputGradient, piece * Piece, Math.Min(shape.Neurons, (piece + 1) * Piece), shape, lif);
        });
        return sums.Sum();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static double LeakGradient(float* input, float* inputGradient, long first, long end, LifShape shape, LifParameters lif)
    {
        var equations = new LifEquations<Lanes1>(lif);
        var sum = 0.0;
        for (var at = first; at < end; at++)
        {
            var v = equations.Rest;
            for (var step = 0; step < shape.Steps; step++)
            {
                var charge = equations.Charge(v, Lanes1.Load(input + step * shape.Neurons + at));
                float gradient = inputGradient[step * shape.Neurons + at], change;
                Lanes1.Store((lif.DecayInput ? charge : equations.Rest) - v, &change);
                // With input decay dL/dX = dL/dH / tau and dH/d(1 / tau) = (H - V) tau: the factors cancel but for one tau.
                sum += lif.DecayInput ? gradient * lif.Tau * change * lif.Tau : gradient * change;
                v = equations.Reset(charge);
            }
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    static long Backward<TLanes, TSlope>(float* spikeGradient, float* input, float* inputGradient, long first, long end, LifShape shape,
        LifParameters lif) where TLanes : struct, ILanes<TLanes> where TSlope : ISurrogateSlope
    {
        var equations = new LifEquations<TLanes>(lif);
        var stride = shape.Constant ? 0 : shape.Neurons;
        var tile = Math.Clamp(TapeValues / shape.Steps / LeastTile * LeastTile, LeastTile, Piece);
        float* potentials = KernelScratch.Floats((long)(shape.Steps + 2) * tile), later = potentials + (long)shape.Steps * tile;
        var total = later + tile;
        for (var piece = first; piece + TLanes.Width <= end; piece += tile)
        {
            var count = (int)Math.Min(tile, end - piece);
            for (var at = 0; at + TLanes.Width <= count; at += TLanes.Width) TLanes.Store(equations.Rest, later + at);
            for (var step = 0; step < shape.Steps; step++)
            {
                float* x = input + step * stride + piece, h = potentials + (long)step * tile;
                for (var at = 0; at + TLanes.Width <= count; at += TLanes.Width)
                {
                    var charge = equations.Charge(TLanes.Load(later + at), TLanes.Load(x + at));
                    TLanes.Store(charge, h + at);
                    TLanes.Store(equations.Reset(charge), later + at);
                }
            }
            new Span<float>(later, count).Clear();
            if (shape.Constant) new Span<float>(total, count).Clear();
            for (var step = shape.Steps - 1; step >= 0; step--)
            {
                var place = step * shape.Neurons + piece;
                float* h = potentials + (long)step * tile, dS = spikeGradient + place, dX = shape.Constant ? total : inputGradient + place;
                for (var at = 0; at + TLanes.Width <= count; at += TLanes.Width)
                {
                    var gradient = equations.ChargeGradient<TSlope>(TLanes.Load(h + at), TLanes.Load(dS + at), TLanes.Load(later + at));
                    TLanes.Store(equations.Earlier(gradient), later + at);
                    var part = equations.InputGradient(gradient);
                    TLanes.Store(shape.Constant ? TLanes.Load(dX + at) + part : part, dX + at);
                }
            }
            if (!shape.Constant) continue;
            for (var at = 0; at + TLanes.Width <= count; at += TLanes.Width)
                TLanes.Store(TLanes.Load(total + at), inputGradient + piece + at);
        }
        return first + (end - first) / TLanes.Width * TLanes.Width;
    }
}
