using System.Runtime.CompilerServices;
using Harness.Spiking.Neurons;
using Harness.Torch;

namespace Harness.Spiking.Kernels;

/// <summary>
/// Batch norm and LIF in one pass: X = scale y + shift of a channel never lies in memory, nor does the potential H.
/// </summary>
static unsafe class NormLifKernel
{
    // Features that take a step one after the other, before the next step; see LifKernel.
    const int Tile = 512;

    /// <summary>Mean and variance (of the population) of every channel.</summary>
    public static (double[] Mean, double[] Variance) Moments(float* values, NormLifShape shape, int width)
    {
        // Around a value of the channel itself: a mean far from zero must not eat the digits of the variance.
        var pivots = new float[shape.Channels];
        for (var channel = 0; channel < shape.Channels; channel++) pivots[channel] = values[(long)channel * shape.Run];
        var (sums, squares) = NormLifBlocks.Sums(shape, (block, first, second) =>
        {
            var pivot = NormLifBlocks.Spread(pivots, shape, block, second + block.Row);
            var at = width switch
            {
                512 => Moments<Lanes512>(values, pivot, first, second, shape, block, 0),
                256 => Moments<Lanes256>(values, pivot, first, second, shape, block, 0),
                _ => 0,
            };
            Moments<Lanes1>(values, pivot, first, second, shape, block, at);
        });
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var offset = sums[channel] / shape.PerChannel;
            sums[channel] = pivots[channel] + offset;
            squares[channel] = Math.Max(0, squares[channel] / shape.PerChannel - offset * offset);
        }
        return (sums, squares);
    }

    /// <param name="spikes">Receives S, [steps, samples, features].</param>
    public static void Forward(float* values, NormLifChannels channels, float* spikes, NormLifShape shape, LifParameters lif, int width) =>
        KernelTeam.For(shape.Blocks, (firstBlock, endBlock) =>
        {
            for (var index = firstBlock; index < endBlock; index++)
            {
                var block = shape.Block((int)index);
                var scale = KernelScratch.Floats(2 * block.Row);
                var shift = NormLifBlocks.Spread(channels.Shift, shape, block, scale + block.Row);
                NormLifBlocks.Spread(channels.Scale, shape, block, scale);
                var at = width switch
                {
                    512 => Forward<Lanes512>(values, scale, shift, spikes, shape, block, 0, lif),
                    256 => Forward<Lanes256>(values, scale, shift, spikes, shape, block, 0, lif),
                    _ => 0,
                };
                Forward<Lanes1>(values, scale, shift, spikes, shape, block, at, lif);
            }
        });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Moments<TLanes>(float* values, float* pivots, float* sums, float* squares, NormLifShape shape, NormLifBlock block, int from)
        where TLanes : struct, ILanes<TLanes>
    {
        var at = from;
        for (var step = 0; step < shape.ValueSteps; step++)
            for (var sample = block.FirstSample; sample < block.EndSample; sample++)
            {
                var y = values + step * shape.Step + (long)sample * shape.Features + block.FirstFeature;
                for (at = from; at + TLanes.Width <= block.Features; at += TLanes.Width)
                {
                    var value = TLanes.Load(y + at) - TLanes.Load(pivots + at);
                    TLanes.Store(TLanes.Load(sums + at) + value, sums + at);
                    TLanes.Store(TLanes.MultiplyAdd(value, value, TLanes.Load(squares + at)), squares + at);
                }
            }
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    static int Forward<TLanes>(float* values, float* scale, float* shift, float* spikes, NormLifShape shape, NormLifBlock block, int from,
        LifParameters lif) where TLanes : struct, ILanes<TLanes>
    {
        var equations = new LifEquations<TLanes>(lif);
        var valueStep = shape.Constant ? 0 : shape.Step;
        var potentials = stackalloc float[Tile];
        for (var sample = block.FirstSample; sample < block.EndSample; sample++)
            for (var tile = from; tile + TLanes.Width <= block.Features; tile += Tile)
            {
                var (place, count) = ((long)sample * shape.Features + block.FirstFeature + tile, Math.Min(Tile, block.Features - tile));
                for (var at = 0; at + TLanes.Width <= count; at += TLanes.Width) TLanes.Store(equations.Rest, potentials + at);
                for (var step = 0; step < shape.Steps; step++)
                {
                    float* y = values + step * valueStep + place, s = spikes + step * shape.Step + place;
                    for (var at = 0; at + TLanes.Width <= count; at += TLanes.Width)
                    {
                        var x = TLanes.MultiplyAdd(TLanes.Load(y + at), TLanes.Load(scale + tile + at), TLanes.Load(shift + tile + at));
                        var h = equations.Charge(TLanes.Load(potentials + at), x);
                        TLanes.Store(equations.Fire(h), s + at);
                        TLanes.Store(equations.Reset(h), potentials + at);
                    }
                }
            }
        return NormLifBlocks.Covered<TLanes>(from, block.Features);
    }
}
