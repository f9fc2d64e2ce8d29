using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Quantizing;
using Suites.LlmEdge.Quantizing.Rounding;
using Suites.LlmEdge.Tests.Models;

namespace Suites.LlmEdge.Tests.Quantizing;

public sealed class ActivationTests
{
    static readonly int[] Sequence = [1, 5, 9, 40, 41, 3, 3, 90, 17, 22];

    [Fact]
    public void Rounded_inputs_lie_on_the_grid_of_their_token_or_layer()
    {
        using var model = RandomModels.Of(RandomModels.Small);
        var matrix = model.Layers[0].Query;
        using var panel = new Panel(64, 2);
        foreach (var stated in new Grid?[] { null, Grid.Symmetric(2, 4) })
        {
            for (var i = 0; i < 64; i++) (panel.Token(0)[i], panel.Token(1)[i]) = (i / 64f, -i / 16f);
            panel.Changed(2);
            var rounding = new ActivationRounding(new Dictionary<Matrix, Grid?> { [matrix] = stated }, 4);
            rounding.Round(matrix, panel);
            var first = panel.Token(1).ToArray();
            var grid = stated ?? Grid.Symmetric(63 / 16f, 4);
            for (var i = 0; i < 64; i++) Assert.Equal(grid.Round(-i / 16f), first[i], 1e-6);
            rounding.Round(matrix, panel);
            Assert.Equal(first, panel.Token(1).ToArray());
            var untouched = panel.Token(0).ToArray();
            rounding.Round(model.Layers[0].Output, panel);
            Assert.Equal(untouched, panel.Token(0).ToArray());
        }
    }

    [Fact]
    public void Eight_bits_cost_little_and_fewer_cost_more()
    {
        using var judged = new Judged();
        var full = judged.Perplexity(judged.Model);
        double Of(ActivationGrid activations, int bits, int? cache = null) => judged.Perplexity(new(8, RoundingMethod.Nearest,
            Activations: activations, ActivationBits: bits, CacheBits: cache));
        foreach (var activations in new[] { ActivationGrid.PerToken, ActivationGrid.Static })
        {
            Assert.InRange(Of(activations, 8) / full, 0.98, 1.02);
            Assert.True(Of(activations, 4) > 1.05 * full);
        }
        Assert.InRange(Of(ActivationGrid.Float, 8, cache: 8) / full, 0.99, 1.01);
        Assert.True(Of(ActivationGrid.Float, 8, cache: 2) > 1.05 * full);
    }

    [Fact]
    public void Codes_multiplied_as_whole_numbers_give_what_the_rounded_floats_give()
    {
        using var model = RandomModels.Of(RandomModels.Small);
        var (quantized, precision) = Judged.Quantized(model, new(8, RoundingMethod.Nearest, Granularity: Granularity.Channel,
            Activations: ActivationGrid.Static), [Sequence]);
        using var _ = quantized;
        var (matrix, weights) = (quantized.Layers[0].Query, quantized.Layers[0].Query.Unpacked());
        using var panel = new Panel(64, 1);
        for (var i = 0; i < 64; i++) panel.Token(0)[i] = MathF.Sin(i);
        panel.Changed(1);
        precision.Inputs!.Round(matrix, panel);
        var x = panel.Token(0).ToArray();
        var outputs = Kernels.MatrixKernelTests.Multiply(matrix, panel, MatrixKernel.Best, 1);
        var step = x.Where(value => value != 0).Min(Math.Abs) / MinCode(x);
        for (var row = 0; row < matrix.Rows; row++)
        {
            var line = weights.AsSpan(row * 64, 64).ToArray();
            var scale = line.Max(Math.Abs) / 127;
            long sum = 0;
            for (var i = 0; i < 64; i++) sum += (long)Math.Round(line[i] / scale) * (long)Math.Round(x[i] / step);
            // A unit in the last place of the sum of magnitudes: floats were added in another order.
            Assert.Equal(sum * (double)scale * step, outputs[row], line.Zip(x, (a, b) => Math.Abs(a * b)).Sum() * 1.2e-7);
        }
    }

    // The least common step: all are whole numbers of it.
    static double MinCode(float[] x)
    {
        var least = x.Where(value => value != 0).Min(Math.Abs);
        for (var code = 1; code < 128; code++)
            if (x.All(value => Math.Abs(value * code / least - Math.Round(value * code / least)) < 1e-3)) return code;
        throw new InvalidOperationException("the inputs are no whole numbers of a step");
    }

    [Fact]
    public void A_width_of_the_cache_that_cannot_be_is_refused()
    {
        using var model = RandomModels.Of(RandomModels.Small);
        Assert.Contains("allowed are 2 to 8", Assert.Throws<HarnessException>(() => new Decoder(model, new(CacheBits: 1))).Message);
    }

    [Fact]
    public void Footprint_and_layers_state_the_codes()
    {
        using var model = RandomModels.Of(RandomModels.Small);
        var (quantized, precision) = Judged.Quantized(model, new(4, RoundingMethod.Nearest, Activations: ActivationGrid.PerToken),
            [Sequence]);
        using var _ = quantized;
        var layer = precision.Layers[quantized.Layers[1].Up];
        Assert.Equal(("blk.1.ffn_up", 4.5, 64 * 96 * 9 / 16), (layer.Name, layer.BitsPerWeight, (int)layer.Bytes));
        Assert.Equal(8, layer.OperandBits);
        Assert.InRange(layer.SignalToNoise!.Value, 10, 30);
        var linear = quantized.Layers.SelectMany(one => one.Matrices).Sum(named => named.Matrix.Bytes);
        Assert.Equal(model.Bytes - linear + linear / 32.0 * 4.5, precision.Footprint.Bytes);
    }
}
