using Harness.Datasets;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Quantizing;
using Suites.LlmEdge.Quantizing.MixedPrecision;
using Suites.LlmEdge.Quantizing.Rounding;
using Suites.LlmEdge.Tests.Models;

namespace Suites.LlmEdge.Tests.Quantizing;

public sealed class MixedPrecisionTests
{
    [Fact]
    public void The_choice_is_the_best_of_all()
    {
        var chance = new Chance(5);
        for (var trial = 0; trial < 50; trial++)
        {
            var matrices = Enumerable.Range(0, 5).Select(_ => (IReadOnlyList<BitChoice>)[.. Enumerable.Range(2, 3).Select(bits =>
                new BitChoice(bits, bits * (1 + chance.Below(9)), chance.Unit()))]).ToList();
            var least = matrices.Sum(list => list.Min(choice => choice.Size));
            var budget = least + chance.Below(30);
            var best = All(matrices).Where(path => path.Sum(choice => choice.Size) <= budget).Min(path => path.Sum(choice => choice.Loss));
            var chosen = BitBudget.Choose(matrices, budget);
            Assert.Equal(best, chosen.Sum(choice => choice.Loss), 1e-12);
            Assert.InRange(chosen.Sum(choice => choice.Size), least, budget);
            Assert.All(chosen.Zip(matrices), pair => Assert.Contains(pair.First, pair.Second));
        }
        IReadOnlyList<BitChoice>[] one = [[new(4, 10, 0)]];
        Assert.Contains("budget of 9 bits is too small; the least choices need 10", Assert.Throws<HarnessException>(() =>
            BitBudget.Choose(one, 9)).Message);
    }

    [Fact]
    public void Mixed_widths_are_better_than_one_at_equal_bytes()
    {
        using var judged = new Judged();
        var matrices = NamedMatrices.Of(judged.Model);
        RoundedMatrix Round(string name, int bits) => WeightRounding.Of(RoundingMethod.Nearest, new Quantizer(bits), false,
            matrices[name].Unpacked(), matrices[name].Rows, matrices[name].Width, null);
        IReadOnlyList<IReadOnlyList<int>> beginnings = [.. judged.Calibration.Select(story => story.Take(250).ToArray())];
        var choices = Sensitivity.Of(judged.Model, beginnings, [2, 3, 4, 5, 6], Round, TestContext.Current.CancellationToken);
        Assert.All(choices.Values, list => Assert.Equal(list.OrderByDescending(choice => choice.Loss), list));
        foreach (var bits in new[] { 3, 4, 5 })
        {
            var budget = choices.Values.Sum(list => list.Single(choice => choice.Bits == bits).Size);
            var chosen = choices.Keys.Zip(BitBudget.Choose([.. choices.Values], budget)).ToDictionary();
            double Perplexity(Func<string, int> width)
            {
                using var model = ModelCopy.Of(judged.Model, (name, matrix) => (Packing.F32,
                    matrices.ContainsKey(name) ? Round(name, width(name)).Values : matrix.Unpacked()));
                return judged.Perplexity(model);
            }
            var (plain, mixed) = (Perplexity(_ => bits), Perplexity(name => chosen[name].Bits));
            Judged.Say($"{bits} bits in the mean: one width {plain:F4}, mixed {mixed:F4}");
            Assert.True(mixed < plain, $"mixed widths have a perplexity of {mixed}, one width of {plain}");
        }
    }

    [Fact]
    public void A_mean_of_bits_is_a_size_that_is_not_exceeded()
    {
        using var model = RandomModels.Of(RandomModels.Small with { Layers = 1 });
        IReadOnlyList<IReadOnlyList<int>> windows = [[1, 5, 9, 40, 41, 3]];
        var uniform = new Quantization(4, RoundingMethod.Nearest);
        var (one, other) = (Judged.Quantized(model, uniform, windows), Judged.Quantized(model, uniform with { AverageBits = 4 }, windows));
        using var same = one.Model;
        using var mixed = other.Model;
        Assert.InRange(other.Precision.Footprint.Bytes, one.Precision.Footprint.Bytes * 0.9, one.Precision.Footprint.Bytes);
        Assert.True(other.Precision.Layers.Values.Select(layer => layer.BitsPerWeight).Distinct().Count() > 1);
    }

    static IEnumerable<IReadOnlyList<BitChoice>> All(IReadOnlyList<IReadOnlyList<BitChoice>> matrices) => matrices.Aggregate(
        (IEnumerable<IReadOnlyList<BitChoice>>)[[]], (paths, choices) => paths.SelectMany(path => choices.Select(choice =>
            (IReadOnlyList<BitChoice>)[.. path, choice])));
}
