using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Quantizing;
using Suites.LlmEdge.Quantizing.Folding;
using Suites.LlmEdge.Quantizing.Rounding;
using Suites.LlmEdge.Tests.Models;

namespace Suites.LlmEdge.Tests.Quantizing;

public sealed class FoldingTests
{
    static readonly int[] Sequence = [1, 5, 9, 40, 41, 3, 3, 90, 17, 22, 60, 7];

    [Theory]
    [InlineData(Gating.Swiglu, 4, false)]
    [InlineData(Gating.Reglu, 4, true)]
    [InlineData(Gating.Drelu, 2, true)]
    public void Folded_scales_change_no_logits(Gating gating, int keyHeads, bool biased)
    {
        using var model = RandomModels.Of(RandomModels.Small with { Gating = gating, KeyHeads = keyHeads }, biased: biased);
        var inputs = LayerInputs.Of(model, [Sequence]);
        var expected = Logits(model);
        foreach (var scales in new[] { Awq.Scales(model, inputs, new Quantizer(3)), SmoothQuant.Scales(model, inputs, 0.5) })
        {
            using var folded = scales.Apply(model);
            Assert.NotEqual(NamedMatrices.Of(model)["blk.0.attn_q"].Unpacked(), NamedMatrices.Of(folded)["blk.0.attn_q"].Unpacked());
            var actual = Logits(folded);
            for (var id = 0; id < actual.Length; id++) Assert.Equal(expected[id], actual[id], 1e-3f);
            // What calibration says of the folded model is what it would see there.
            var (told, seen) = (scales.Apply(inputs), LayerInputs.Of(folded, [Sequence]));
            foreach (var (name, one) in seen)
                for (var i = 0; i < one.Width; i++) Assert.Equal(one.Largest[i], told[name].Largest[i], 1e-3f * one.Largest.Max());
        }
    }

    [Fact]
    public void Awq_loses_no_more_than_rounding_on_any_layer_nor_in_perplexity()
    {
        using var judged = new Judged();
        var (bits, group) = (new Quantization(4, RoundingMethod.Nearest, Group: 128), "blk.");
        var (nearest, awq) = (Judged.Quantized(judged.Model, bits, judged.Calibration),
            Judged.Quantized(judged.Model, bits with { Scaling = ChannelScaling.Awq }, judged.Calibration));
        using var one = nearest.Model;
        using var other = awq.Model;
        double Mean(QuantizedModel model) => model.Precision.Layers.Values.Average(layer => layer.SignalToNoise!.Value);
        Assert.True(Mean(awq) > Mean(nearest) + 0.1, $"{group} {Mean(awq)} dB against {Mean(nearest)}");
        var (rounding, made) = (judged.Perplexity(one), judged.Perplexity(other));
        Judged.Say($"4 bits, whole rows: nearest {rounding:F4} {Mean(nearest):F2} dB, AWQ {made:F4} {Mean(awq):F2} dB");
        Assert.True(made <= rounding, $"AWQ has a perplexity of {made}, rounding of {rounding}");
    }

    // Two channels behind each norm are made 100 times as large, and the columns that take them as much smaller: the same model.
    [Fact]
    public void SmoothQuant_holds_eight_bits_where_outliers_break_them()
    {
        using var judged = new Judged();
        var scales = new FoldedScales();
        foreach (var site in FoldingSite.Of(judged.Model).Where(site => site.IsNorm))
            scales.Add(site, [.. Enumerable.Range(0, judged.Model.Shape.Width).Select(i => i is 5 or 40 ? 0.01f : 1)]);
        using var planted = scales.Apply(judged.Model);
        var full = judged.Perplexity(planted);
        Assert.Equal(judged.Perplexity(judged.Model), full, 1e-3);
        var naive = new Quantization(8, RoundingMethod.Nearest, Granularity: Granularity.Channel, Activations: ActivationGrid.Static);
        var (plain, smooth) = (judged.Perplexity(planted, naive),
            judged.Perplexity(planted, naive with { Scaling = ChannelScaling.SmoothQuant }));
        Judged.Say($"W8A8 with planted outliers: full {full:F4}, naive {plain:F4}, SmoothQuant {smooth:F4}");
        Assert.True(plain > 1.1 * full, $"naive rounding costs too little: {plain} of {full}");
        Assert.True(smooth < 1.01 * full, $"SmoothQuant costs too much: {smooth} of {full}");
    }

    static float[] Logits(LanguageModel model)
    {
        using var decoder = new Decoder(model, new());
        return decoder.Append(Sequence).ToArray();
    }
}
