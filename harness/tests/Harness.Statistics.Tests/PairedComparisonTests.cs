namespace Harness.Statistics.Tests;

public sealed class PairedComparisonTests
{
    [Fact]
    public void Right_and_wrong_answers_are_counted_and_tested()
    {
        var comparison = PairedComparison.OfCorrect(Answers(1000, 900, 0), Answers(1000, 900, 60));
        Assert.Equal((1000, 0, 60), (comparison.Samples, comparison.OnlyFirst, comparison.OnlySecond));
        Assert.Equal((0.9, 0.96), (comparison.First, comparison.Second));
        Near.Equal(McNemar.Exact(0, 60), comparison.P, 1e-15);
        Assert.Equal(Proportion.PairedDifference(0, 60, 1000), comparison.Interval);
        Assert.Equal(Verdict.Better, comparison.Judge(Direction.Higher));
    }

    [Fact]
    public void Ten_equal_answers_are_inconclusive_and_ten_thousand_equivalent()
    {
        Assert.Equal(Verdict.Inconclusive, PairedComparison.OfCorrect(new bool[10], new bool[10]).Judge(Direction.Higher));
        Assert.Equal(Verdict.Equivalent, PairedComparison.OfCorrect(new bool[10_000], new bool[10_000]).Judge(Direction.Higher));
    }

    [Fact]
    public void A_tiny_difference_that_is_significant_is_still_equivalent()
    {
        // 20 of 100 000 samples, all one way: p is 2e-6, but the difference is a fiftieth of a point.
        var comparison = PairedComparison.OfCorrect(Answers(100_000, 90_000, 0), Answers(100_000, 90_000, 20));
        Assert.True(comparison.P < 1e-5);
        Assert.Equal(Verdict.Equivalent, comparison.Judge(Direction.Higher));
    }

    [Fact]
    public void A_correction_over_the_session_can_take_the_verdict_back()
    {
        var comparison = PairedComparison.OfCorrect(Answers(200, 150, 0), Answers(200, 150, 7));
        Assert.Equal(Verdict.Better, comparison.Judge(Direction.Higher));
        Assert.Equal(Verdict.Inconclusive, comparison.Judge(Direction.Higher, p: 0.2));
    }

    [Fact]
    public void Scores_are_compared_sample_by_sample()
    {
        double[] first = [.. Enumerable.Range(0, 100).Select(sample => Math.Sin(sample))];
        double[] second = [.. first.Select((score, sample) => score - 0.05 + 0.01 * Math.Cos(sample * 3))];
        var comparison = PairedComparison.OfScores(first, second, new Chance(1), margin: 0.01, resamples: 999);
        Near.Equal(-0.05, comparison.Difference, 0.01);
        Assert.Equal(0.001, comparison.P);
        Assert.True(comparison.Interval.High < -0.045 && comparison.Interval.Low > -0.055);
        Assert.Equal(Verdict.Worse, comparison.Judge(Direction.Higher));
        Assert.Equal(Verdict.Better, comparison.Judge(Direction.Lower));
        Assert.Equal(Verdict.Inconclusive, comparison.Judge(Direction.Neutral));
    }

    [Fact]
    public void Few_equal_scores_are_no_proof_of_equivalence()
    {
        Assert.Equal(Verdict.Inconclusive, PairedComparison.OfScores(new double[5], new double[5], new Chance(1), 0.1, 99)
            .Judge(Direction.Higher));
        Assert.Equal(Verdict.Equivalent, PairedComparison.OfScores(new double[30], new double[30], new Chance(1), 0.1, 99)
            .Judge(Direction.Higher));
    }

    [Fact]
    public void A_score_that_samples_do_not_have_is_compared_by_clusters()
    {
        // 40 speakers of five words; the second arm has two more words of each right. Recall over the drawn words.
        int[] speaker = [.. Enumerable.Range(0, 200).Select(word => word / 5)];
        bool[] first = [.. Enumerable.Range(0, 200).Select(word => word % 5 < 2 + word / 5 % 2)];
        bool[] second = [.. Enumerable.Range(0, 200).Select(word => word % 5 < 4 - word / 5 % 3 % 2)];
        var comparison = PairedComparison.OfStatistic(speaker, drawn => Share(first, drawn), drawn =>
            Share(second, drawn), new Chance(1), 0.01, 499);
        Assert.Equal((200, 40), (comparison.Samples, comparison.Units));
        Near.Equal(second.Count(right => right) / 200.0 - first.Count(right => right) / 200.0, comparison.Difference, 1e-12);
        Assert.Equal(2.0 / 500, comparison.P, 1e-12);
        Assert.Equal(Verdict.Better, comparison.Judge(Direction.Higher));
    }

    [Fact]
    public void Four_speakers_are_four_units_however_many_words_they_spoke()
    {
        int[] speaker = [.. Enumerable.Range(0, 400).Select(word => word / 100)];
        Func<ReadOnlySpan<int>, double> same = _ => 0.5;
        Assert.Equal(Verdict.Inconclusive, PairedComparison.OfStatistic(speaker, same, same, new Chance(1), 0.01, 99)
            .Judge(Direction.Higher));
    }

    [Fact]
    public void Unequal_numbers_of_samples_are_refused_and_not_cut()
    {
        Assert.Throws<ArgumentException>(() => PairedComparison.OfCorrect(new bool[3], new bool[4]));
        Assert.Throws<ArgumentException>(() => PairedComparison.OfScores(new double[3], new double[4], new Chance(1), 0.1));
    }

    // The first `right` samples right, and `more` of those after them.
    static bool[] Answers(int samples, int right, int more) => [.. Enumerable.Range(0, samples).Select(sample => sample < right + more)];

    static double Share(bool[] right, ReadOnlySpan<int> drawn)
    {
        var count = 0;
        foreach (var sample in drawn) count += right[sample] ? 1 : 0;
        return count / (double)drawn.Length;
    }
}
