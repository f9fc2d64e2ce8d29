using System.Buffers;
using Harness.Torch;

namespace Harness.Spiking.Kernels;

/// <summary>
/// What all passes of norm and LIF share: numbers of a channel spread over a block's features, and sums, made in blocks of fixed size and
/// added in their order, so that the number of threads decides no bit.
/// </summary>
static unsafe class NormLifBlocks
{
    public delegate void BlockSums(NormLifBlock block, float* first, float* second);

    /// <summary>Adds two numbers per feature of every block up to numbers per channel.</summary>
    public static (double[] First, double[] Second) Sums(NormLifShape shape, BlockSums work)
    {
        var blocks = shape.Blocks;
        var parts = ArrayPool<float>.Shared.Rent(checked(2 * blocks * shape.Block(0).Row));
        try
        {
            var stride = 2 * shape.Block(0).Row;
            KernelTeam.For(blocks, (firstBlock, endBlock) =>
            {
                for (var index = firstBlock; index < endBlock; index++)
                {
                    var block = shape.Block((int)index);
                    var scratch = KernelScratch.Floats(7 * block.Row);
                    new Span<float>(scratch, 2 * block.Row).Clear();
                    work(block, scratch, scratch + block.Row);
                    new Span<float>(scratch, 2 * block.Row).CopyTo(parts.AsSpan((int)index * stride));
                }
            });
            var (first, second) = (new double[shape.Channels], new double[shape.Channels]);
            for (var index = 0; index < blocks; index++)
            {
                var block = shape.Block(index);
                for (var at = 0; at < block.Features; at++)
                {
                    var channel = (block.FirstFeature + at) / shape.Run;
                    first[channel] += parts[index * stride + at];
                    second[channel] += parts[index * stride + block.Row + at];
                }
            }
            return (first, second);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(parts);
        }
    }

    /// <summary>The channel's number for every feature of a block.</summary>
    public static float* Spread(float[] perChannel, NormLifShape shape, NormLifBlock block, float* target)
    {
        for (var at = 0; at < block.Features; at++) target[at] = perChannel[(block.FirstFeature + at) / shape.Run];
        return target;
    }

    /// <summary>Where vectors that start at a place end before the last feature.</summary>
    public static int Covered<TLanes>(int from, int features) where TLanes : struct, ILanes<TLanes> =>
        from + (features - from) / TLanes.Width * TLanes.Width;
}
