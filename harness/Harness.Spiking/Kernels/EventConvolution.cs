using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Harness.Torch;

namespace Harness.Spiking.Kernels;

/// <summary>Maps that a 3x3 convolution of stride 1 leaves as large as they are.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct MapShape(int Samples, int Inputs, int Outputs, int Rows, int Columns)
{
    /// <summary>Places from a row to the next, with a border of one on both sides.</summary>
    public int Row => Columns + 2;

    /// <summary>Places of a map within its border.</summary>
    public int Places => (Rows + 2) * Row;

    /// <summary>Words of a map's bits: one for every place of its rows with their borders, none for the rows above and below.</summary>
    public int Words => SpikeBits.Words(Rows * Row);

    public int Pixels => Rows * Columns;
}

/// <summary>
/// 3x3 convolution of spikes, float32: nine vectors of weights stay in registers while all events of a map are added to the outputs around
/// them, which lie together for a place. The gradient of the weights reads what the other writes.
/// </summary>
/// <remarks>The order of the sums of an output is that of channels, then of places; what other samples hold changes no bit of it.</remarks>
static unsafe class EventConvolution
{
    public const int Taps = 9;

    // Parts of the batch whose sums of weights' gradients are added in their order, whatever the number of threads.
    public const int Parts = 8;

    /// <summary>Output channels worked on at once: as many as a vector has, of a width that they fill.</summary>
    public static int Lanes(int outputs, int width) => width switch
    {
        512 when outputs > Lanes256.Width => Lanes512.Width,
        512 or 256 => Lanes256.Width,
        _ => Lanes1.Width,
    };

    /// <summary>Moves bits of maps, row after row, to where they have a border.</summary>
    /// <param name="flat">[maps, words of pixels].</param>
    /// <param name="bits">Receives [maps, <see cref="MapShape.Words"/>].</param>
    public static void AddBorders(ulong* flat, ulong* bits, MapShape shape)
    {
        var (flatWords, words) = (SpikeBits.Words(shape.Pixels), shape.Words);
        KernelTeam.For((long)shape.Samples * shape.Inputs, (first, end) =>
        {
            for (var map = first; map < end; map++)
            {
                new Span<ulong>(bits + map * words, words).Clear();
                for (var row = 0; row < shape.Rows; row++)
                    for (var column = 0; column < shape.Columns; column += SpikeBits.Word)
                        Or(bits + map * words, row * shape.Row + column, Bits(flat + map * flatWords, row * shape.Columns + column,
                            Math.Min(SpikeBits.Word, shape.Columns - column)));
            }
        });
    }

    static ulong Bits(ulong* words, int at, int count)
    {
        var (word, shift) = (at / SpikeBits.Word, at % SpikeBits.Word);
        var bits = words[word] >> shift;
        if (shift + count > SpikeBits.Word) bits |= words[word + 1] << (SpikeBits.Word - shift);
        return bits & ulong.MaxValue >> (SpikeBits.Word - count);
    }

    static void Or(ulong* words, int at, ulong bits)
    {
        var (word, shift) = (at / SpikeBits.Word, at % SpikeBits.Word);
        words[word] |= bits << shift;
        if (shift > 0 && bits >> (SpikeBits.Word - shift) is not 0 and var rest) words[word + 1] |= rest;
    }

    /// <param name="bits">Where the input is not zero, with borders.</param>
    /// <param name="values">The input [samples, inputs, rows, row with borders], or null where all that is not zero is one.</param>
    /// <param name="weights">[blocks of outputs, inputs, 9 taps from the last to the first, lanes].</param>
    /// <param name="output">Receives [samples, outputs, rows, columns].</param>
    public static void Forward(ulong* bits, float* values, float* weights, float* output, MapShape shape, int width)
    {
        if (values == null) Forward<Ones>(bits, values, weights, output, shape, width);
        else Forward<Counts>(bits, values, weights, output, shape, width);
    }

    static void Forward<TValues>(ulong* bits, float* values, float* weights, float* output, MapShape shape, int width)
        where TValues : struct, IEventValues => KernelTeam.For(shape.Samples, (first, end) =>
        {
            switch (Lanes(shape.Outputs, width))
            {
                case 16: Forward<Lanes512, TValues>(bits, values, weights, output, shape, first, end); break;
                case 8: Forward<Lanes256, TValues>(bits, values, weights, output, shape, first, end); break;
                default: Forward<Lanes1, TValues>(bits, values, weights, output, shape, first, end); break;
            }
        });

    static void Forward<TLanes, TValues>(ulong* bits, float* values, float* weights, float* output, MapShape shape, long first, long end)
        where TLanes : struct, ILanes<TLanes> where TValues : struct, IEventValues
    {
        var lanes = TLanes.Width;
        var sums = KernelScratch.Floats((long)shape.Places * lanes);
        var inside = sums + (shape.Row + 1) * lanes;
        for (var sample = first; sample < end; sample++)
            for (var block = 0; block * lanes < shape.Outputs; block++)
            {
                new Span<float>(sums, shape.Places * lanes).Clear();
                for (var input = 0; input < shape.Inputs; input++)
                {
                    var map = sample * shape.Inputs + input;
                    Scatter<TLanes, TValues>(bits + map * shape.Words, shape.Words, values + map * shape.Rows * shape.Row,
                        weights + ((long)block * shape.Inputs + input) * Taps * lanes, sums, shape.Row * lanes);
                }
                var target = output + (sample * shape.Outputs + block * lanes) * shape.Pixels;
                for (var row = 0; row < shape.Rows; row++)
                    Transposition.Of(inside + row * shape.Row * lanes, lanes, target + row * shape.Columns, shape.Pixels, shape.Columns,
                        Math.Min(lanes, shape.Outputs - block * lanes));
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Scatter<TLanes, TValues>(ulong* bits, int words, float* values, float* weights, float* sums, nint row)
        where TLanes : struct, ILanes<TLanes> where TValues : struct, IEventValues
    {
        var w = TLanes.Width;
        TLanes w0 = TLanes.Load(weights), w1 = TLanes.Load(weights + w), w2 = TLanes.Load(weights + 2 * w),
            w3 = TLanes.Load(weights + 3 * w), w4 = TLanes.Load(weights + 4 * w), w5 = TLanes.Load(weights + 5 * w),
            w6 = TLanes.Load(weights + 6 * w), w7 = TLanes.Load(weights + 7 * w), w8 = TLanes.Load(weights + 8 * w);
        for (var word = 0; word < words; word++)
            for (var set = bits[word]; set != 0; set &= set - 1)
            {
                var place = (nint)word * SpikeBits.Word + BitOperations.TrailingZeroCount(set);
                var value = TValues.Value<TLanes>(values + place);
                // The bit's own place is one row and one column further on: this is the first of its neighbours.
                float* up = sums + place * w, middle = up + row, down = middle + row;
                TLanes.Store(TValues.Add(TLanes.Load(up), w0, value), up);
                TLanes.Store(TValues.Add(TLanes.Load(up + w), w1, value), up + w);
                TLanes.Store(TValues.Add(TLanes.Load(up + 2 * w), w2, value), up + 2 * w);
                TLanes.Store(TValues.Add(TLanes.Load(middle), w3, value), middle);
                TLanes.Store(TValues.Add(TLanes.Load(middle + w), w4, value), middle + w);
                TLanes.Store(TValues.Add(TLanes.Load(middle + 2 * w), w5, value), middle + 2 * w);
                TLanes.Store(TValues.Add(TLanes.Load(down), w6, value), down);
                TLanes.Store(TValues.Add(TLanes.Load(down + w), w7, value), down + w);
                TLanes.Store(TValues.Add(TLanes.Load(down + 2 * w), w8, value), down + 2 * w);
            }
    }

    /// <param name="outputGradient">[samples, outputs, rows, columns].</param>
    /// <param name="weightGradients">Receives [<see cref="Parts"/>, blocks of outputs, inputs, 9 taps from the last to the first, lanes].
    /// </param>
    public static void WeightGradients(ulong* bits, float* values, float* outputGradient, float* weightGradients, MapShape shape, int width)
    {
        if (values == null) WeightGradients<Ones>(bits, values, outputGradient, weightGradients, shape, width);
        else WeightGradients<Counts>(bits, values, outputGradient, weightGradients, shape, width);
    }

    static void WeightGradients<TValues>(ulong* bits, float* values, float* outputGradient, float* weightGradients, MapShape shape,
        int width) where TValues : struct, IEventValues
    {
        var lanes = Lanes(shape.Outputs, width);
        var size = (long)(shape.Outputs + lanes - 1) / lanes * shape.Inputs * Taps * lanes;
        KernelTeam.For(Parts, (first, end) =>
        {
            for (var part = first; part < end; part++)
            {
                var (from, to) = (shape.Samples * part / Parts, shape.Samples * (part + 1) / Parts);
                var gradients = weightGradients + part * size;
                new Span<float>(gradients, checked((int)size)).Clear();
                switch (lanes)
                {
                    case 16: WeightGradients<Lanes512, TValues>(bits, values, outputGradient, gradients, shape, from, to); break;
                    case 8: WeightGradients<Lanes256, TValues>(bits, values, outputGradient, gradients, shape, from, to); break;
                    default: WeightGradients<Lanes1, TValues>(bits, values, outputGradient, gradients, shape, from, to); break;
                }
            }
        });
    }

    static void WeightGradients<TLanes, TValues>(ulong* bits, float* values, float* outputGradient, float* weightGradients, MapShape shape,
        long first, long end) where TLanes : struct, ILanes<TLanes> where TValues : struct, IEventValues
    {
        var lanes = TLanes.Width;
        var gradient = KernelScratch.Floats((long)shape.Places * lanes);
        var inside = gradient + (shape.Row + 1) * lanes;
        // What is around a map stays zero, and so do lanes without an output.
        new Span<float>(gradient, shape.Places * lanes).Clear();
        for (var block = 0; block * lanes < shape.Outputs; block++)
        {
            var outputs = Math.Min(lanes, shape.Outputs - block * lanes);
            if (outputs < lanes) new Span<float>(gradient, shape.Places * lanes).Clear();
            for (var sample = first; sample < end; sample++)
            {
                var source = outputGradient + (sample * shape.Outputs + block * lanes) * shape.Pixels;
                for (var row = 0; row < shape.Rows; row++)
                    Transposition.Of(source + row * shape.Columns, shape.Pixels, inside + row * shape.Row * lanes, lanes, outputs,
                        shape.Columns);
                for (var input = 0; input < shape.Inputs; input++)
                {
                    var map = sample * shape.Inputs + input;
                    Gather<TLanes, TValues>(bits + map * shape.Words, shape.Words, values + map * shape.Rows * shape.Row, gradient,
                        weightGradients + ((long)block * shape.Inputs + input) * Taps * lanes, shape.Row * lanes);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Gather<TLanes, TValues>(ulong* bits, int words, float* values, float* gradient, float* weightGradients, nint row)
        where TLanes : struct, ILanes<TLanes> where TValues : struct, IEventValues
    {
        var w = TLanes.Width;
        var sums = weightGradients;
        TLanes s0 = TLanes.Load(sums), s1 = TLanes.Load(sums + w), s2 = TLanes.Load(sums + 2 * w), s3 = TLanes.Load(sums + 3 * w),
            s4 = TLanes.Load(sums + 4 * w), s5 = TLanes.Load(sums + 5 * w), s6 = TLanes.Load(sums + 6 * w),
            s7 = TLanes.Load(sums + 7 * w), s8 = TLanes.Load(sums + 8 * w);
        for (var word = 0; word < words; word++)
            for (var set = bits[word]; set != 0; set &= set - 1)
            {
                var place = (nint)word * SpikeBits.Word + BitOperations.TrailingZeroCount(set);
                var value = TValues.Value<TLanes>(values + place);
                float* up = gradient + place * w, middle = up + row, down = middle + row;
                s0 = TValues.Add(s0, up, value);
                s1 = TValues.Add(s1, up + w, value);
                s2 = TValues.Add(s2, up + 2 * w, value);
                s3 = TValues.Add(s3, middle, value);
                s4 = TValues.Add(s4, middle + w, value);
                s5 = TValues.Add(s5, middle + 2 * w, value);
                s6 = TValues.Add(s6, down, value);
                s7 = TValues.Add(s7, down + w, value);
                s8 = TValues.Add(s8, down + 2 * w, value);
            }
        TLanes.Store(s0, sums); TLanes.Store(s1, sums + w); TLanes.Store(s2, sums + 2 * w); TLanes.Store(s3, sums + 3 * w);
        TLanes.Store(s4, sums + 4 * w); TLanes.Store(s5, sums + 5 * w); TLanes.Store(s6, sums + 6 * w);
        TLanes.Store(s7, sums + 7 * w); TLanes.Store(s8, sums + 8 * w);
    }
}
