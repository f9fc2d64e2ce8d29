using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Harness.Spiking.Neurons;
using Harness.Torch;

namespace Harness.Spiking.Kernels;

/// <summary>The way back through <see cref="NormLifKernel"/>: X and H are computed again from y, a tile at a time.</summary>
static unsafe class NormLifGradient
{
    // Features that take a step one after the other; see LifKernel. The potentials of a tile at all steps have room in the first-level
    // cache.
    const int Tile = 512, TapeValues = 2048;

    /// <summary>Sums over a channel of dL/dX and of dL/dX (y - mean).</summary>
    /// <param name="gradient">Receives dL/dX, laid out like y.</param>
    public static (double[] Gradient, double[] Product) Gradients(float* values, float* spikeGradient, float* gradient,
        NormLifChannels channels, NormLifShape shape, LifParameters lif, int width) => NormLifBlocks.Sums(shape, (block, first, second) =>
            Backward<Adding>(values, spikeGradient, gradient, channels, first, second, shape, block, lif, width));

    /// <summary>
    /// Replaces y by dL/dy = scale (dL/dX - offset - (y - mean) tilt), from the dL/dX of <see cref="Gradients"/>: kept, not computed again.
    /// </summary>
    public static void Centre(float* values, float* gradient, NormLifChannels channels, NormLifShape shape, int width) =>
        KernelTeam.For(shape.Blocks, (firstBlock, endBlock) =>
        {
            for (var index = firstBlock; index < endBlock; index++)
            {
                var block = shape.Block((int)index);
                var constants = WritingConstants(channels, shape, block, KernelScratch.Floats(5 * block.Row));
                var at = width switch
                {
                    512 => Centre<Lanes512>(values, gradient, constants, shape, block, 0),
                    256 => Centre<Lanes256>(values, gradient, constants, shape, block, 0),
                    _ => 0,
                };
                Centre<Lanes1>(values, gradient, constants, shape, block, at);
            }
        });

    /// <summary>
    /// Replaces y by dL/dy = scale (dL/dX - offset - (y - mean) tilt) in one pass, where offset and tilt are known without sums.
    /// </summary>
    public static void Backward(float* values, float* spikeGradient, NormLifChannels channels, NormLifShape shape, LifParameters lif,
        int width) => KernelTeam.For(shape.Blocks, (first, end) =>
        {
            for (var index = first; index < end; index++)
                Backward<Writing>(values, spikeGradient, values, channels, null, null, shape, shape.Block((int)index), lif, width);
        });

    /// <summary>Scale, shift, mean, offset and tilt of every feature of a block, a row each.</summary>
    static float* WritingConstants(NormLifChannels channels, NormLifShape shape, NormLifBlock block, float* target)
    {
        AddingConstants(channels, shape, block, target);
        NormLifBlocks.Spread(channels.Offset, shape, block, target + 3 * block.Row);
        NormLifBlocks.Spread(channels.Tilt, shape, block, target + 4 * block.Row);
        return target;
    }

    static float* AddingConstants(NormLifChannels channels, NormLifShape shape, NormLifBlock block, float* target)
    {
        NormLifBlocks.Spread(channels.Scale, shape, block, target);
        NormLifBlocks.Spread(channels.Shift, shape, block, target + block.Row);
        NormLifBlocks.Spread(channels.Mean, shape, block, target + 2 * block.Row);
        return target;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Centre<TLanes>(float* values, float* gradient, float* constants, NormLifShape shape, NormLifBlock block, int from)
        where TLanes : struct, ILanes<TLanes>
    {
        var at = from;
        for (var step = 0; step < shape.ValueSteps; step++)
            for (var sample = block.FirstSample; sample < block.EndSample; sample++)
            {
                var place = step * shape.Step + (long)sample * shape.Features + block.FirstFeature;
                for (at = from; at + TLanes.Width <= block.Features; at += TLanes.Width)
                {
                    float* constant = constants + at, value = values + place + at;
                    TLanes.Store(Centred(TLanes.Load(gradient + place + at), TLanes.Load(value) - TLanes.Load(constant + 2 * block.Row),
                        TLanes.Load(constant), constant, block.Row), value);
                }
            }
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TLanes Centred<TLanes>(TLanes gradient, TLanes aboveMean, TLanes scale, float* constant, int row)
        where TLanes : struct, ILanes<TLanes> =>
        scale * (gradient - TLanes.Load(constant + 3 * row) - aboveMean * TLanes.Load(constant + 4 * row));

    static void Backward<TUse>(float* values, float* spikeGradient, float* gradient, NormLifChannels channels, float* first,
        float* second, NormLifShape shape, NormLifBlock block, LifParameters lif, int width) where TUse : struct, IGradientUse =>
        SurrogateSlopes.Run(lif.Surrogate,
            new BackwardKernel<TUse>(values, spikeGradient, gradient, channels, first, second, shape, block, lif, width));

    /// <summary>What becomes of dL/dX.</summary>
    interface IGradientUse
    {
        static abstract bool Writes { get; }
    }

    readonly struct Adding : IGradientUse
    {
        public static bool Writes => false;
    }

    readonly struct Writing : IGradientUse
    {
        public static bool Writes => true;
    }

    [StructLayout(LayoutKind.Auto)]
    readonly struct BackwardKernel<TUse>(float* values, float* spikeGradient, float* gradient, NormLifChannels channels, float* first,
        float* second, NormLifShape shape, NormLifBlock block, LifParameters lif, int width) : ISlopeKernel
        where TUse : struct, IGradientUse
    {
        readonly float* values = values, spikeGradient = spikeGradient, gradient = gradient, first = first, second = second;

        public void Run<TSlope>() where TSlope : ISurrogateSlope
        {
            // The first two rows of the scratch may hold the sums.
            var scratch = KernelScratch.Floats(7 * block.Row) + 2 * block.Row;
            var constants = TUse.Writes ? WritingConstants(channels, shape, block, scratch)
                : AddingConstants(channels, shape, block, scratch);
            var at = width switch
            {
                512 => Backward<Lanes512, TSlope, TUse>(values, spikeGradient, gradient, constants, first, second, shape, block, 0, lif),
                256 => Backward<Lanes256, TSlope, TUse>(values, spikeGradient, gradient, constants, first, second, shape, block, 0, lif),
                _ => 0,
            };
            Backward<Lanes1, TSlope, TUse>(values, spikeGradient, gradient, constants, first, second, shape, block, at, lif);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    static int Backward<TLanes, TSlope, TUse>(float* values, float* spikeGradient, float* inputGradient, float* constants, float* first,
        float* second, NormLifShape shape, NormLifBlock block, int from, LifParameters lif)
        where TLanes : struct, ILanes<TLanes> where TSlope : ISurrogateSlope where TUse : struct, IGradientUse
    {
        var equations = new LifEquations<TLanes>(lif);
        var (valueStep, size) = (shape.Constant ? 0 : shape.Step, BackwardTile<TLanes>(shape.Steps));
        float* potentials = stackalloc float[(shape.Steps + 4) * size], carried = potentials + shape.Steps * size;
        float* later = carried, total = later + size, sum = total + size, product = sum + size;
        for (var sample = block.FirstSample; sample < block.EndSample; sample++)
            for (var tile = from; tile + TLanes.Width <= block.Features; tile += size)
            {
                var (place, count) = ((long)sample * shape.Features + block.FirstFeature + tile, Math.Min(size, block.Features - tile));
                float* gain = constants + tile, bias = gain + block.Row, mean = bias + block.Row, v = later;
                for (var at = 0; at + TLanes.Width <= count; at += TLanes.Width) TLanes.Store(equations.Rest, v + at);
                for (var step = 0; step < shape.Steps; step++)
                {
                    float* y = values + step * valueStep + place, h = potentials + step * size;
                    for (var at = 0; at + TLanes.Width <= count; at += TLanes.Width)
                    {
                        var x = TLanes.MultiplyAdd(TLanes.Load(y + at), TLanes.Load(gain + at), TLanes.Load(bias + at));
                        var charge = equations.Charge(TLanes.Load(v + at), x);
                        TLanes.Store(charge, h + at);
                        TLanes.Store(equations.Reset(charge), v + at);
                    }
                }
                for (var row = 0; row < 4; row++) new Span<float>(carried + row * size, count).Clear();
                for (var step = shape.Steps - 1; step >= 0; step--)
                {
                    float* h = potentials + step * size, dS = spikeGradient + step * shape.Step + place;
                    float* y = values + step * valueStep + place, target = inputGradient + step * valueStep + place;
                    for (var at = 0; at + TLanes.Width <= count; at += TLanes.Width)
                    {
                        var gradient = equations.ChargeGradient<TSlope>(TLanes.Load(h + at), TLanes.Load(dS + at), TLanes.Load(later + at));
                        TLanes.Store(equations.Earlier(gradient), later + at);
                        var all = equations.InputGradient(gradient);
                        if (shape.Constant)
                        {
                            all += TLanes.Load(total + at);
                            TLanes.Store(all, total + at);
                            if (step > 0) continue;
                        }
                        var above = TLanes.Load(y + at) - TLanes.Load(mean + at);
                        if (TUse.Writes)
                        {
                            TLanes.Store(Centred(all, above, TLanes.Load(gain + at), gain + at, block.Row), target + at);
                            continue;
                        }
                        TLanes.Store(all, target + at);
                        TLanes.Store(TLanes.Load(sum + at) + all, sum + at);
                        TLanes.Store(TLanes.MultiplyAdd(all, above, TLanes.Load(product + at)), product + at);
                    }
                }
                if (TUse.Writes) continue;
                for (var at = 0; at + TLanes.Width <= count; at += TLanes.Width)
                {
                    TLanes.Store(TLanes.Load(first + tile + at) + TLanes.Load(sum + at), first + tile + at);
                    TLanes.Store(TLanes.Load(second + tile + at) + TLanes.Load(product + at), second + tile + at);
                }
            }
        return NormLifBlocks.Covered<TLanes>(from, block.Features);
    }

    static int BackwardTile<TLanes>(int steps) where TLanes : struct, ILanes<TLanes> =>
        Math.Clamp(TapeValues / steps / TLanes.Width * TLanes.Width, TLanes.Width, Tile);
}
