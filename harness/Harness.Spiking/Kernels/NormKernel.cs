using System.Runtime.CompilerServices;
using Harness.Torch;

namespace Harness.Spiking.Kernels;

/// <summary>Batch norm without neurons behind it: X = scale y + shift of a channel, of one step, and the sums of its gradient.</summary>
static unsafe class NormKernel
{
    /// <param name="normed">Receives X, laid out like y.</param>
    public static void Forward(float* values, NormLifChannels channels, float* normed, NormLifShape shape, int width) =>
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
                    512 => Forward<Lanes512>(values, scale, shift, normed, shape, block, 0),
                    256 => Forward<Lanes256>(values, scale, shift, normed, shape, block, 0),
                    _ => 0,
                };
                Forward<Lanes1>(values, scale, shift, normed, shape, block, at);
            }
        });

    /// <summary>Sums over a channel of dL/dX and of dL/dX (y - mean); the rest is <see cref="NormLifGradient.Centre"/>.</summary>
    public static (double[] Gradient, double[] Product) Sums(float* values, float* gradient, NormLifChannels channels, NormLifShape shape,
        int width) => NormLifBlocks.Sums(shape, (block, first, second) =>
        {
            // After the two rows that hold the sums.
            var mean = NormLifBlocks.Spread(channels.Mean, shape, block, second + block.Row);
            var at = width switch
            {
                512 => Sums<Lanes512>(values, gradient, mean, first, second, shape, block, 0),
                256 => Sums<Lanes256>(values, gradient, mean, first, second, shape, block, 0),
                _ => 0,
            };
            Sums<Lanes1>(values, gradient, mean, first, second, shape, block, at);
        });

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Forward<TLanes>(float* values, float* scale, float* shift, float* normed, NormLifShape shape, NormLifBlock block, int from)
        where TLanes : struct, ILanes<TLanes>
    {
        var at = from;
        for (var sample = block.FirstSample; sample < block.EndSample; sample++)
        {
            var place = (long)sample * shape.Features + block.FirstFeature;
            float* y = values + place, x = normed + place;
            for (at = from; at + TLanes.Width <= block.Features; at += TLanes.Width)
                TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(y + at), TLanes.Load(scale + at), TLanes.Load(shift + at)), x + at);
        }
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Sums<TLanes>(float* values, float* gradient, float* mean, float* sums, float* products, NormLifShape shape,
        NormLifBlock block, int from) where TLanes : struct, ILanes<TLanes>
    {
        var at = from;
        for (var sample = block.FirstSample; sample < block.EndSample; sample++)
        {
            var place = (long)sample * shape.Features + block.FirstFeature;
            float* y = values + place, dX = gradient + place;
            for (at = from; at + TLanes.Width <= block.Features; at += TLanes.Width)
            {
                var (one, above) = (TLanes.Load(dX + at), TLanes.Load(y + at) - TLanes.Load(mean + at));
                TLanes.Store(TLanes.Load(sums + at) + one, sums + at);
                TLanes.Store(TLanes.MultiplyAdd(one, above, TLanes.Load(products + at)), products + at);
            }
        }
        return at;
    }
}
