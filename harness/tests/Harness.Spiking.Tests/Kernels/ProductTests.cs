using Harness.Spiking.Kernels;
using Harness.Torch;

namespace Harness.Spiking.Tests.Kernels;

public sealed unsafe class ProductTests
{
    public ProductTests() => TorchSession.Begin(1, 1);

    /// <summary>Rows, depth, columns: around tiles, vectors, words and blocks.</summary>
    public static TheoryData<int, int, int> Sizes() => new()
    {
        { 1, 1, 1 }, { 6, 64, 32 }, { 13, 65, 33 }, { 7, 300, 77 }, { 100, 256, 128 }, { 3, 1000, 200 }, { 0, 5, 5 }, { 4, 0, 9 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_width_of_both_kernels_gives_the_same_bits_for_spikes_and_counts(int rows, int depth, int columns)
    {
        foreach (var most in new[] { 1, 3 })
        {
            var a = Spikes(rows, depth, most, 0.3);
            float[] b = Values(depth * columns, 5), bias = Values(columns, 6);
            var expected = Dense(a, b, bias, rows, depth, columns, 0);
            foreach (var width in new[] { 0, 256, 512 })
            {
                Assert.Equal(expected, Dense(a, b, bias, rows, depth, columns, width));
                Assert.Equal(expected, Events(a, b, bias, rows, depth, columns, width, most > 1));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_dense_product_is_that_of_its_definition_in_any_stride(int rows, int depth, int columns)
    {
        float[] a = Values(rows * depth, 7), b = Values(depth * columns, 8);
        var actual = new float[rows * columns];
        fixed (float* at = Turned(a, rows, depth), bt = Turned(b, depth, columns), c = actual)
            DenseProduct.Multiply(MatrixView.OfRows(at, rows).Transposed, MatrixView.OfRows(bt, depth).Transposed, null, c, rows, depth,
                columns);
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
            {
                var sum = 0.0;
                for (var k = 0; k < depth; k++) sum += (double)a[row * depth + k] * b[k * columns + column];
                Assert.Equal(sum, actual[row * columns + column], 1e-5 * Math.Max(1, depth));
            }
        Assert.Equal(Dense(a, b, null, rows, depth, columns, VectorWidth.Widest), actual);
    }

    /// <summary>Many rows are shared out by rows, few by columns.</summary>
    [Theory]
    [InlineData(5000, 90, 70)]
    [InlineData(100, 300, 700)]
    public void Two_threads_compute_the_same_bits_as_one(int rows, int depth, int columns)
    {
        var a = Spikes(rows, depth, 1, 0.2);
        var b = Values(depth * columns, 9);
        var dense = Dense(a, b, null, rows, depth, columns, VectorWidth.Widest);
        TorchSession.Begin(1, 2);
        Assert.Equal(dense, Dense(a, b, null, rows, depth, columns, VectorWidth.Widest));
        foreach (var width in new[] { 0, 256, 512 })
            Assert.Equal(dense, Events(a, b, null, rows, depth, columns, width, counts: false));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(70, 130)]
    [InlineData(129, 64)]
    public void Bits_say_where_values_are_not_zero_and_turn_and_unpack(int rows, int columns)
    {
        var values = Spikes(rows, columns, 1, 0.4);
        foreach (var width in new[] { 0, 256, 512 })
        {
            var (bits, nonZero, ones) = Pack(values, rows, columns, width);
            Assert.Equal((values.Count(value => value != 0), true), ((int)nonZero, ones));
            var (unpacked, turned) = (new float[values.Length], new ulong[columns * SpikeBits.Words(rows)]);
            fixed (ulong* b = bits, t = turned)
            fixed (float* u = unpacked)
            {
                SpikeBits.Unpack(b, u, rows, columns);
                SpikeBits.Transpose(b, t, rows, columns);
            }
            Assert.Equal(values, unpacked);
            Assert.Equal(Pack(Turned(values, rows, columns), columns, rows, 0).Bits, turned);
        }
    }

    [Fact]
    public void A_value_that_is_neither_zero_nor_one_is_noticed()
    {
        foreach (var width in new[] { 0, 256, 512 })
        {
            var values = Spikes(3, 40, 1, 0.5);
            values[77] = 2;
            Assert.False(Pack(values, 3, 40, width).Ones);
        }
    }

    [Fact]
    public void The_choice_follows_the_density()
    {
        // What the clock said decides where the crossover is, not what is chosen on its two sides. It is infinite where events always win.
        foreach (var density in new[] { 0.03, 0.9 })
            fixed (float* values = Spikes(400, 64, 1, density))
                Assert.Equal(ProductPaths.Choose(density, 400, 64, 256), ProductPaths.Choose(values, 400, 64, 256));
        var crossover = Math.Min(1, ProductPaths.Crossover(400, 768, 768));
        if (crossover > 0) Assert.Equal(ProductPath.Event, ProductPaths.Choose(0.99 * crossover, 400, 768, 768));
        if (crossover < 1) Assert.Equal(ProductPath.Dense, ProductPaths.Choose(1.01 * crossover, 400, 768, 768));
    }

    [Fact]
    public void The_crossover_is_where_the_time_of_events_passes_that_of_the_dense_product()
    {
        Assert.Equal(0.3, ProductPaths.Crossing(density => 1 + 10 * density, 4), 1e-12);
        Assert.Equal(0.8, ProductPaths.Crossing(density => 1 + 10 * density, 9), 1e-12);
        // Not in a line: to within the bend between the points that are measured.
        Assert.InRange(ProductPaths.Crossing(density => 1 + 10 * Math.Sqrt(density), 6), 0.2, 0.3);
        Assert.InRange(ProductPaths.Crossing(density => 1 + 10 * density * density, 6), 0.65, 0.75);
        Assert.Equal(0, ProductPaths.Crossing(density => 5 + density, 4));
        Assert.Equal(double.PositiveInfinity, ProductPaths.Crossing(density => 1 + density, 4));
        Assert.Equal(double.PositiveInfinity, ProductPaths.Crossing(_ => 1, 4));
    }

    static float[] Dense(float[] a, float[] b, float[]? bias, int rows, int depth, int columns, int width)
    {
        var result = new float[rows * columns];
        fixed (float* pa = a, pb = b, pBias = bias, pc = result)
            DenseProduct.Multiply(MatrixView.OfRows(pa, depth), MatrixView.OfRows(pb, columns), pBias, pc, rows, depth, columns, width);
        return result;
    }

    static float[] Events(float[] a, float[] b, float[]? bias, int rows, int depth, int columns, int width, bool counts)
    {
        var result = new float[rows * columns];
        fixed (ulong* bits = Pack(a, rows, depth, width).Bits)
        fixed (float* pa = a, pb = b, pBias = bias, pc = result)
            EventProduct.Multiply(bits, counts ? MatrixView.OfRows(pa, depth) : default, pb, pBias, pc, rows, depth, columns, width);
        return result;
    }

    static (ulong[] Bits, long NonZero, bool Ones) Pack(float[] values, int rows, int columns, int width)
    {
        var bits = new ulong[rows * SpikeBits.Words(columns)];
        fixed (float* v = values)
        fixed (ulong* b = bits)
        {
            var (nonZero, ones) = SpikeBits.Pack(v, b, rows, columns, width);
            return (bits, nonZero, ones);
        }
    }

    static float[] Turned(float[] values, int rows, int columns)
    {
        var turned = new float[values.Length];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++) turned[column * rows + row] = values[row * columns + column];
        return turned;
    }

    static float[] Spikes(int rows, int columns, int most, double density)
    {
        var order = new SampleOrder(rows + 31 * columns);
        return [.. Enumerable.Range(0, rows * columns)
            .Select(_ => order.Below(10_000) < 10_000 * density ? 1f + order.Below(most) : 0f)];
    }

    static float[] Values(int count, long seed)
    {
        var order = new SampleOrder(seed);
        return [.. Enumerable.Range(0, count).Select(_ => order.Below(2_000_001) / 1e6f - 1)];
    }
}
