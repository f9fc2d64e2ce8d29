using Harness.Datasets;
using Suites.LlmEdge.Quantizing;

namespace Suites.LlmEdge.Tests.Quantizing;

public sealed class QuantizerTests
{
    const int Rows = 12;
    const int Width = 96;

    // Normal numbers, shifted, with one outlier in a thousand.
    static readonly float[] Weights = Numbers(3);

    public static TheoryData<int, bool, Granularity> Grids()
    {
        var data = new TheoryData<int, bool, Granularity>();
        for (var bits = 2; bits <= 8; bits++)
            foreach (var symmetric in new[] { true, false })
                foreach (var granularity in Enum.GetValues<Granularity>()) data.Add(bits, symmetric, granularity);
        return data;
    }

    [Theory, MemberData(nameof(Grids))]
    public void Inside_its_range_no_number_moves_by_more_than_half_a_step(int bits, bool symmetric, Granularity granularity)
    {
        var quantizer = new Quantizer(bits, symmetric, granularity);
        var rounded = quantizer.Rounded(Weights, Rows, Width);
        var run = granularity switch { Granularity.Tensor => Rows * Width, Granularity.Channel => Width, _ => 32 };
        for (var start = 0; start < Weights.Length; start += run)
        {
            var part = Weights.AsSpan(start, run);
            double low = Math.Min(0, part.ToArray().Min()), high = Math.Max(0, part.ToArray().Max());
            var step = symmetric ? Math.Max(-low, high) / ((1 << bits - 1) - 1) : (high - low) / ((1 << bits) - 1);
            // An offset that is a whole number may leave the last half step of an asymmetric range outside.
            for (var i = start; i < start + run; i++) Assert.InRange(Math.Abs(rounded[i] - Weights[i]), 0, step * (symmetric ? 0.5001
                : 1.0001));
            Assert.True(rounded.AsSpan(start, run).ToArray().Distinct().Count() <= 1 << bits);
        }
    }

    [Fact]
    public void Zero_stays_zero_and_what_lies_on_the_grid_stays_there()
    {
        foreach (var symmetric in new[] { true, false })
        {
            var quantizer = new Quantizer(4, symmetric);
            Assert.Equal(0, quantizer.GridOf(Weights).Round(0));
            Assert.All(quantizer.Rounded(new float[64], 2, 32), value => Assert.Equal(0, value));
        }
        var once = new Quantizer(5).Rounded(Weights, Rows, Width);
        var twice = new Quantizer(5).Rounded(once, Rows, Width);
        for (var i = 0; i < once.Length; i++) Assert.Equal(once[i], twice[i], 1e-5f);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    [InlineData(3)]
    public void Finer_grids_and_more_bits_lose_less(int bits)
    {
        double Error(Quantizer quantizer) => Squared(quantizer.Rounded(Weights, Rows, Width));
        Assert.True(Error(new(bits, Granularity: Granularity.Group)) < Error(new(bits, Granularity: Granularity.Channel)));
        Assert.True(Error(new(bits, Granularity: Granularity.Channel)) < Error(new(bits, Granularity: Granularity.Tensor)));
        Assert.True(Error(new(bits)) < Error(new(bits - 1)));
    }

    [Fact]
    public void Each_calibration_does_what_it_is_named_after()
    {
        double Error(Calibration calibration) =>
            Squared(new Quantizer(3, Granularity: Granularity.Tensor, Calibration: calibration).Rounded(Weights, Rows, Width));
        double Step(Calibration calibration) => new Quantizer(3, Granularity: Granularity.Tensor,
            Calibration: calibration).GridOf(Weights).Scale;
        Assert.Equal(Weights.Max(Math.Abs) / 3.0, Step(Calibration.MinMax), 1e-6);
        // With an outlier in a thousand all others clip, and lose less.
        foreach (var calibration in new[] { Calibration.Percentile, Calibration.SquaredError, Calibration.Divergence })
            Assert.True(Step(calibration) < Step(Calibration.MinMax), $"{calibration}");
        foreach (var calibration in Enum.GetValues<Calibration>()) Assert.True(Error(Calibration.SquaredError) <= Error(
            calibration) + 1e-9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void Other_numbers_of_bits_are_refused(int bits) => Assert.Contains("allowed are 2 to 8",
        Assert.Throws<HarnessException>(() => new Quantizer(bits).Rounded(Weights, Rows, Width)).Message);

    [Fact]
    public void Bits_per_weight_count_the_grids()
    {
        Assert.Equal(4.5, new Quantizer().BitsPerWeight(8, 64));
        Assert.Equal(4 + 24.0 / 64, new Quantizer(Symmetric: false, Granularity: Granularity.Channel).BitsPerWeight(8, 64));
    }

    static double Squared(float[] rounded) => rounded.Zip(Weights, (a, b) => (double)(a - b) * (a - b)).Sum();

    static float[] Numbers(ulong seed)
    {
        var chance = new Chance(seed);
        return [.. Enumerable.Range(0, Rows * Width).Select(i => (float)(chance.Normal() + 0.2) * (i % 1000 == 500 ? 8 : 1))];
    }
}
