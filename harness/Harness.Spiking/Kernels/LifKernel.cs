using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
    // A thread's piece: long enough to hide the call, short enough to balance; a multiple of every width.
    const long Piece = 4096;

    /// <param name="input">X, [steps or 1, neurons].</param>
    /// <param name="charge">Receives H, [steps, neurons], or null when no gradient is wanted.</param>
    /// <param name="spikes">Receives S, [steps, neurons].</param>
    public static void Forward(float* input, float* charge, float* spikes, LifShape shape, LifParameters lif) =>
        Forward(input, charge, spikes, shape, lif, Widest());

    /// <param name="spikeGradient">dL/dS, [steps, neurons].</param>
    /// <param name="charge">H as <see cref="Forward(float*, float*, float*, LifShape, LifParameters)"/> stored it.</param>
    /// <param name="inputGradient">Receives dL/dX, [steps or 1, neurons].</param>
    public static void Backward(float* spikeGradient, float* charge, float* inputGradient, LifShape shape, LifParameters lif) =>
        Backward(spikeGradient, charge, inputGradient, shape, lif, Widest());

    /// <summary>Vector width in bits that this processor runs in hardware; 0 is scalar.</summary>
    public static int Widest() => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 0;

    internal static void Forward(float* input, float* charge, float* spikes, LifShape shape, LifParameters lif, int width) =>
        InPieces(shape, (first, end) =>
        {
            switch (width)
            {
                case 512: first = Forward<Lanes512>(input, charge, spikes, first, end, shape, lif); break;
                case 256: first = Forward<Lanes256>(input, charge, spikes, first, end, shape, lif); break;
            }
            Forward<Lanes1>(input, charge, spikes, first, end, shape, lif);
        });

    internal static void Backward(float* spikeGradient, float* charge, float* inputGradient, LifShape shape, LifParameters lif, int width)
    {
        switch (lif.Surrogate)
        {
            case Surrogate.Sigmoid: Backward<SigmoidSlope>(spikeGradient, charge, inputGradient, shape, lif, width); break;
            case Surrogate.ArcTangent: Backward<ArcTangentSlope>(spikeGradient, charge, inputGradient, shape, lif, width); break;
            case Surrogate.Triangle: Backward<TriangleSlope>(spikeGradient, charge, inputGradient, shape, lif, width); break;
            case Surrogate.Rectangle: Backward<RectangleSlope>(spikeGradient, charge, inputGradient, shape, lif, width); break;
            case Surrogate.SoftSign: Backward<SoftSignSlope>(spikeGradient, charge, inputGradient, shape, lif, width); break;
            default: throw new HarnessException($"No kernel exists for the surrogate {lif.Surrogate}.");
        }
    }

    static void Backward<TSlope>(float* spikeGradient, float* charge, float* inputGradient, LifShape shape, LifParameters lif, int width)
        where TSlope : ISurrogateSlope => InPieces(shape, (first, end) =>
        {
            switch (width)
            {
                case 512: first = Backward<Lanes512, TSlope>(spikeGradient, charge, inputGradient, first, end, shape, lif); break;
                case 256: first = Backward<Lanes256, TSlope>(spikeGradient, charge, inputGradient, first, end, shape, lif); break;
            }
            Backward<Lanes1, TSlope>(spikeGradient, charge, inputGradient, first, end, shape, lif);
        });

    static void InPieces(LifShape shape, Action<long, long> run) => KernelTeam.For((shape.Neurons + Piece - 1) / Piece,
        (first, end) => run(first * Piece, Math.Min(shape.Neurons, end * Piece)));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static long Forward<TLanes>(float* input, float* charge, float* spikes, long first, long end, LifShape shape, LifParameters lif)
        where TLanes : struct, ILanes<TLanes>
    {
        var leak = TLanes.Fill(1 / lif.Tau);
        var threshold = TLanes.Fill(lif.Threshold);
        var zero = TLanes.Fill(0);
        var one = TLanes.Fill(1);
        var (decay, soft) = (lif.DecayInput, lif.Reset == ResetRule.Soft);
        var stride = shape.Constant ? 0 : shape.Neurons;
        var at = first;
        for (; at + TLanes.Width <= end; at += TLanes.Width)
        {
            var v = zero;
            for (var step = 0; step < shape.Steps; step++)
            {
                var x = TLanes.Load(input + step * stride + at);
                var h = decay ? v + (x - v) * leak : v - v * leak + x;
                if (charge != null) TLanes.Store(h, charge + step * shape.Neurons + at);
                TLanes.Store(TLanes.WhereAtLeast(h, threshold, one, zero), spikes + step * shape.Neurons + at);
                v = TLanes.WhereAtLeast(h, threshold, soft ? h - threshold : zero, h);
            }
        }
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static long Backward<TLanes, TSlope>(float* spikeGradient, float* charge, float* inputGradient, long first, long end, LifShape shape,
        LifParameters lif) where TLanes : struct, ILanes<TLanes> where TSlope : ISurrogateSlope
    {
        var gain = TLanes.Fill(lif.DecayInput ? 1 / lif.Tau : 1);
        var keep = TLanes.Fill(1 - 1 / lif.Tau);
        var threshold = TLanes.Fill(lif.Threshold);
        var slope = TLanes.Fill(lif.Slope);
        var zero = TLanes.Fill(0);
        var (soft, attached) = (lif.Reset == ResetRule.Soft, !lif.DetachReset);
        var at = first;
        for (; at + TLanes.Width <= end; at += TLanes.Width)
        {
            var (later, total) = (zero, zero);
            for (var step = shape.Steps - 1; step >= 0; step--)
            {
                var h = TLanes.Load(charge + step * shape.Neurons + at);
                var derivative = TSlope.At(h - threshold, slope);
                // V = (1 - S) H (hard) or H - threshold S (soft): through H directly, and through S unless the reset is detached.
                var direct = soft ? later : TLanes.WhereAtLeast(h, threshold, zero, later);
                var spike = TLanes.Load(spikeGradient + step * shape.Neurons + at);
                if (attached) spike -= later * (soft ? threshold : h);
                var gradient = spike * derivative + direct;
                later = gradient * keep;
                if (shape.Constant) total += gradient * gain;
                else TLanes.Store(gradient * gain, inputGradient + step * shape.Neurons + at);
            }
            if (shape.Constant) TLanes.Store(total, inputGradient + at);
        }
        return at;
    }
}
