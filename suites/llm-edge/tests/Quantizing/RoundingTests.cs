using Harness.Datasets;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Quantizing;
using Suites.LlmEdge.Quantizing.Rounding;

namespace Suites.LlmEdge.Tests.Quantizing;

public sealed class RoundingTests
{
    const int Rows = 10, Width = 64;

    static readonly float[] Weights = [.. Normal(7, Rows * Width)];

    [Theory]
    [InlineData(4)]
    [InlineData(3)]
    public void Gptq_loses_less_than_rounding_on_every_layer_and_in_perplexity(int bits)
    {
        using var judged = new Judged();
        var quantizer = new Quantizer(bits);
        var inputs = LayerInputs.Of(judged.Model, judged.Calibration);
        foreach (var (name, matrix) in NamedMatrices.Of(judged.Model))
        {
            var weights = matrix.Unpacked();
            double Loss(float[] rounded) => inputs[name].OutputError(weights, rounded);
            var nearest = Loss(quantizer.Rounded(weights, matrix.Rows, matrix.Width));
            foreach (var largestFirst in new[] { false, true })
                Assert.InRange(Loss(Gptq.Rounded(weights, matrix.Rows, matrix.Width, inputs[name].Products, quantizer, largestFirst)), 0,
                    nearest);
        }
        var (full, rounding) = (judged.Perplexity(judged.Model), judged.Perplexity(new Quantization(bits, RoundingMethod.Nearest)));
        var (made, ordered) = (judged.Perplexity(new Quantization(bits)), judged.Perplexity(new Quantization(bits, LargestFirst: true)));
        Judged.Say($"{bits} bits: full {full:F4}, nearest {rounding:F4}, GPTQ {made:F4}, largest first {ordered:F4}");
        Assert.True(made <= rounding, $"GPTQ has a perplexity of {made}, rounding of {rounding}");
        Assert.True(full < rounding);
    }

    // On inputs of unit covariance no column can make good for another: GPTQ is rounding to nearest.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gptq_without_correlations_is_rounding(bool largestFirst)
    {
        var identity = new double[Width * Width];
        for (var i = 0; i < Width; i++) identity[i * Width + i] = 5;
        Assert.Equal(new Quantizer(3).Rounded(Weights, Rows, Width),
            Gptq.Rounded(Weights, Rows, Width, identity, new Quantizer(3), largestFirst));
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(3, false)]
    public void AdaRound_moves_by_less_than_a_step_and_loses_less_than_rounding(int bits, bool symmetric)
    {
        var (inputs, quantizer) = (Correlated(), new Quantizer(bits, symmetric));
        var (learned, nearest) = (AdaRound.Rounded(Weights, Rows, Width, inputs, quantizer), quantizer.Rounded(Weights, Rows, Width));
        Assert.InRange(inputs.OutputError(Weights, learned), 0, 0.9 * inputs.OutputError(Weights, nearest));
        foreach (var run in quantizer.Runs(Rows, Width))
        {
            var grid = quantizer.GridOf(Weights.AsSpan(run));
            for (var i = run.Start.Value; i < run.End.Value; i++)
            {
                Assert.Equal(learned[i], grid.Round(learned[i]), 1e-5f);
                Assert.InRange(Math.Abs(learned[i] - Weights[i]), 0, 1.0001 * grid.Scale);
            }
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(3)]
    public void A_codebook_has_as_many_numbers_as_it_may_and_less_error_than_a_grid(int bits)
    {
        var quantizer = new Quantizer(bits, Granularity: Granularity.Channel);
        var coded = Codebook.Rounded(Weights, quantizer.Runs(Rows, Width), bits);
        foreach (var run in quantizer.Runs(Rows, Width)) Assert.InRange(coded.AsSpan(run).ToArray().Distinct().Count(), 2, 1 << bits);
        Assert.True(Squared(coded) < Squared(quantizer.Rounded(Weights, Rows, Width)));
        // A run of no more numbers than centres loses nothing.
        float[] few = [3, -1, 8, 2.5f];
        Assert.Equal(few, Codebook.Rounded(few, [0..4], 2));
    }

    [Fact]
    public void Few_levels_are_those_of_their_formulas()
    {
        float[] run = [0.1f, -2, 1, -0.3f, 3, 0];
        // mean|w| = 1.0667, threshold 0.7467: 2, 1 and 3 stay, their mean is 2.
        Assert.Equal([0, -2, 2, 0, 2, 0], FewLevels.Ternary(run, [0..6]));
        var level = 6.4f / 6;
        Assert.All(FewLevels.Binary(run, [0..6]).Zip(run), pair => Assert.Equal(MathF.CopySign(level, pair.Second), pair.First, 1e-6f));
        // 3 bits: exponents 2, 1 and 0 (log2 3 is nearer to 2 than to 1).
        Assert.Equal([0, -2, 1, 0, 4, 0], FewLevels.PowersOfTwo(run, [0..6], 3));
    }

    [Fact]
    public void A_power_of_two_is_within_half_an_octave_or_zero()
    {
        var rounded = FewLevels.PowersOfTwo(Weights, [0..Weights.Length], 4);
        var least = rounded.Where(value => value != 0).Min(Math.Abs);
        for (var i = 0; i < rounded.Length; i++)
            if (rounded[i] == 0) Assert.InRange(Math.Abs(Weights[i]), 0, least / Math.Sqrt(2) * 1.0001);
            else Assert.InRange(rounded[i] / Weights[i], Math.Sqrt(0.5) * 0.9999, Math.Sqrt(2) * 1.0001);
    }

    [Fact]
    public void A_method_that_learns_from_inputs_asks_for_texts()
    {
        using var model = Models.RandomModels.Of(Models.RandomModels.Small);
        foreach (var method in new[] { RoundingMethod.Gptq, RoundingMethod.AdaRound })
            Assert.Contains("there are no calibration texts", Assert.Throws<HarnessException>(() => Judged.Quantized(model,
                new Quantization(Method: method), [])).Message);
        using var nearest = Judged.Quantized(model, new Quantization(Method: RoundingMethod.Nearest), []).Model;
        Assert.Equal(model.Parameters, nearest.Parameters);
    }

    // Neighbouring channels move together.
    static InputStatistics Correlated()
    {
        var (chance, inputs) = (new Chance(11), new InputStatistics(Width));
        for (var token = 0; token < 200; token++)
        {
            var (x, last) = (new float[Width], 0.0);
            for (var i = 0; i < Width; i++) x[i] = (float)(last = 0.9 * last + chance.Normal());
            inputs.Add(x);
        }
        return inputs;
    }

    static double Squared(float[] rounded) => rounded.Zip(Weights, (a, b) => (double)(a - b) * (a - b)).Sum();

    static IEnumerable<float> Normal(ulong seed, int count)
    {
        var chance = new Chance(seed);
        for (var i = 0; i < count; i++) yield return (float)chance.Normal();
    }
}
