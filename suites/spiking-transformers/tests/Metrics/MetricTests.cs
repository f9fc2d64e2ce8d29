using Harness.Datasets;
using Suites.SpikingTransformers.Metrics;

namespace Suites.SpikingTransformers.Tests.Metrics;

public sealed class MetricTests
{
    /// <summary>Expected: accuracy_score and f1_score(average='macro') of scikit-learn 1.2.1 (Debian 12), run on these lists.</summary>
    [Theory]
    [InlineData(new[] { 0, 0, 1, 1, 2, 2, 2, 4, 4, 7 }, new[] { 0, 1, 1, 1, 2, 0, 2, 4, 5, 2 }, 0.6, 0.4388888888888889)]
    [InlineData(new[] { 3, 3, 3 }, new[] { 3, 3, 3 }, 1, 1)]
    [InlineData(new[] { 0, 1 }, new[] { 1, 0 }, 0, 0)]
    [InlineData(new[] { 0, 0, 0, 1 }, new[] { 0, 0, 0, 0 }, 0.75, 0.42857142857142855)]
    [InlineData(new[] { 20, 20, 5, 1 }, new[] { 20, 5, 5, 20 }, 0.5, 0.38888888888888884)]
    public void Scores_equal_those_of_scikit_learn(int[] targets, int[] predictions, double accuracy, double macroF1)
    {
        Assert.Equal(accuracy, Total(new Accuracy(), targets, predictions), 1e-15);
        Assert.Equal(macroF1, Total(new MacroF1(), targets, predictions), 1e-15);
    }

    /// <summary>scikit-learn 1.2.1 on the same labels, from ISO C's generator (1103515245, 12345, 2^31; bits 16 and up).</summary>
    [Fact]
    public void Scores_of_a_thousand_samples_equal_those_of_scikit_learn()
    {
        var (targets, predictions) = (new int[1000], new int[1000]);
        var state = 1L;
        for (var index = 0; index < 1000; index++)
        {
            targets[index] = Draw(7);
            predictions[index] = Draw(10) is var other and >= 6 ? other - 2 : targets[index];
        }
        Assert.Equal(0.643, Total(new Accuracy(), targets, predictions), 1e-15);
        Assert.Equal(0.605372578099253, Total(new MacroF1(), targets, predictions), 1e-14);

        int Draw(int limit)
        {
            state = (state * 1103515245 + 12345) % (1L << 31);
            return (int)((state >> 16) % limit);
        }
    }

    [Fact]
    public void A_class_that_is_neither_target_nor_predicted_does_not_lower_macro_f1() =>
        Assert.Equal(1, Total(new MacroF1(), [0, 9, 40], [0, 9, 40]));

    [Fact]
    public void Without_samples_no_score_is_a_number()
    {
        Assert.True(double.IsNaN(Total(new Accuracy(), [], [])));
        Assert.True(double.IsNaN(Total(new MacroF1(), [], [])));
    }

    [Theory]
    [InlineData(0, -1)]
    [InlineData(-1, 0)]
    [InlineData(3, int.MaxValue)]
    public void A_label_that_is_no_class_is_refused_by_macro_f1(int target, int prediction) =>
        Assert.Contains("0..65535", Assert.Throws<ArgumentException>(() => Total(new MacroF1(), [target], [prediction])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Accuracy_is_a_share_that_wilson_may_judge_and_macro_f1_is_resampled()
    {
        Assert.Equal((IntervalRule.Wilson, "share", Direction.Higher), Facts(new Accuracy().Card));
        Assert.Equal((IntervalRule.Bootstrap, "share", Direction.Higher), Facts(new MacroF1().Card));

        static (IntervalRule, string, Direction) Facts(MetricCard card) => (card.Interval, card.Unit, card.Direction);
    }

    static double Total(IMetric<ILabeled, ClassPrediction> metric, int[] targets, int[] predictions)
    {
        var tally = metric.Begin();
        for (var index = 0; index < targets.Length; index++)
            tally.Add(new TokenSequence(ReadOnlyMemory<int>.Empty, targets[index]), new(predictions[index], 1));
        return tally.Total();
    }
}
