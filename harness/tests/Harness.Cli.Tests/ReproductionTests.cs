using System.Text.Json;

namespace Harness.Cli.Tests;

public sealed class ReproductionTests
{
    static RunRecord Run(string id, IEnumerable<(string Answer, string Prediction)> rows, double score = 0.9, bool judged = true)
    {
        var trial = new Trial("suite", "benchmark", "digits@1", "family@1", JsonElement.Parse("{}"), 1, "cpu", 1);
        var samples = rows.Select((row, index) =>
            new SampleRow(index, "1", row.Answer, judged ? row.Answer == "1" : null, JsonElement.Parse(row.Prediction)));
        return new(id, trial.Id, trial, RunState.Ok, null, new("d", "cpu", "p", 1, 1, "os", "net"), DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch,
            new("0", "c", false, "", "", "", ""))
        {
            Samples = [.. samples],
            Metrics = [new("accuracy", 1, score, "1", Direction.Higher, "derived") { Primary = true, Low = 0.88, High = 0.92 }],
        };
    }

    static IEnumerable<(string, string)> Rows(int right, int wrong, double confidence = 0.5) =>
        Enumerable.Repeat(("1", $"{{\"label\":1,\"confidence\":{confidence}}}"),
            right).Concat(Enumerable.Repeat(("2", $"{{\"label\":2,\"confidence\":{confidence}}}"), wrong));

    static Agreement Compare(RunRecord stored, RunRecord again) => Reproduction.Compare(stored, again, tolerance: 1e-3, margin: 0.005);

    [Fact]
    public void Identical_predictions_agree_bitwise() =>
        Assert.Equal(AgreementLevel.Bitwise, Compare(Run("a", Rows(90, 10)), Run("b", Rows(90, 10))).Level);

    [Fact]
    public void The_same_value_in_another_notation_is_bitwise_the_same() =>
        Assert.Equal(AgreementLevel.Bitwise,
            Compare(Run("a", [("1", "{\"label\":1,\"confidence\":0.50}")]), Run("b", [("1", "{\"confidence\":5e-1,\"label\":1}")])).Level);

    [Theory]
    [InlineData(0.5005, AgreementLevel.Tolerance)]
    [InlineData(0.6, AgreementLevel.Undecided)]
    public void The_same_answers_agree_within_the_tolerance_of_their_numbers(double confidence, AgreementLevel expected)
    {
        var agreement = Compare(Run("a", Rows(15, 5)), Run("b", Rows(15, 5, confidence)));
        Assert.Equal(expected, agreement.Level);
        Assert.Equal(confidence - 0.5, agreement.LargestDifference!.Value, 12);
        Assert.Equal(0, agreement.Differing);
    }

    [Fact]
    public void A_few_changed_answers_among_many_agree_statistically()
    {
        var again = Rows(9_000, 1_000).ToList();
        for (var index = 0; index < 5; index++)
            (again[index], again[9_500 + index]) = (("2", "{\"label\":2,\"confidence\":0.5}"), ("1", "{\"label\":1,\"confidence\":0.5}"));
        var agreement = Compare(Run("a", Rows(9_000, 1_000)), Run("b", again));
        Assert.Equal((AgreementLevel.Statistical, 10, 10_000), (agreement.Level, agreement.Differing, agreement.Samples));
    }

    [Fact]
    public void A_lost_point_is_a_difference()
    {
        var agreement = Compare(Run("a", Rows(9_000, 1_000)), Run("b", Rows(8_900, 1_100)));
        Assert.Equal(AgreementLevel.Different, agreement.Level);
        Assert.True(agreement.Test!.P < 1e-9);
    }

    [Fact]
    public void Few_samples_show_neither_agreement_nor_difference() =>
        Assert.Equal(AgreementLevel.Undecided, Compare(Run("a", Rows(18, 2)), Run("b", Rows(17, 3))).Level);

    [Fact]
    public void A_missing_sample_is_a_difference() =>
        Assert.Equal(AgreementLevel.Different, Compare(Run("a", Rows(90, 10)), Run("b", Rows(90, 9))).Level);

    [Theory]
    [InlineData(0.9, AgreementLevel.Statistical)]
    [InlineData(0.91, AgreementLevel.Statistical)]
    [InlineData(0.93, AgreementLevel.Different)]
    public void Without_predictions_or_right_answers_the_score_decides_by_its_interval(double score, AgreementLevel expected)
    {
        Assert.Equal(expected, Compare(Run("a", []), Run("b", Rows(9, 1), score)).Level);
        Assert.Equal(expected, Compare(Run("a", Rows(9, 1), judged: false), Run("b", Rows(1, 9), score, judged: false)).Level);
    }

    [Theory]
    [InlineData("[1,2,{\"a\":3}]", "[1,2.5,{\"a\":3}]", 0.5)]
    [InlineData("{\"a\":1}", "{\"b\":1}", double.PositiveInfinity)]
    [InlineData("{\"a\":1}", "{\"a\":1,\"b\":1}", double.PositiveInfinity)]
    [InlineData("[1]", "[1,1]", double.PositiveInfinity)]
    [InlineData("\"x\"", "\"y\"", double.PositiveInfinity)]
    [InlineData("[null,true]", "[null,true]", 0)]
    public void Predictions_are_as_far_apart_as_their_numbers(string one, string other, double expected) =>
        Assert.Equal(expected, Reproduction.Distance(JsonElement.Parse(one), JsonElement.Parse(other)));
}
