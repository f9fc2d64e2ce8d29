using Harness.Datasets;
using Suites.Clustering.Families;
using Suites.Clustering.Metrics;

namespace Suites.Clustering.Tests.Families;

public sealed class MeanShiftTests
{
    // scikit-learn 1.2.1, MeanShift(bandwidth=..., cluster_all=...) of the curls; its estimate of the bandwidth is 2.825417653927487.
    [Theory]
    [InlineData(null, false, "111111111111111111110011000000001100000000022222000022222000")]
    [InlineData(2.825417653927487, true, "11111111111111111111001100000000110000000002222200002222200-")]
    [InlineData(1.0, false, "300990003300099003336788861aa67788611ab722154445122154445122")]
    [InlineData(1.0, true, "30099--03300099003336788-61aa67788611ab722154445122154-45122")]
    [InlineData(1.5, false, "000000000000000000002266621333226621133255174447155174447155")]
    [InlineData(2.0, true, "0000000000000000000011--1111-11---112111-12333322--23333221-")]
    [InlineData(3.0, false, "111111111111111111110011000000001100000000022222000222222000")]
    public void Labels_are_those_of_an_independent_implementation(double? bandwidth, bool noise, string expected)
    {
        var predictions = Points.Prepare(new MeanShift(bandwidth, Noise: noise), Points.Curls).Model.Predict(Points.Curls);
        Assert.Equal(expected.Select(c => c == '-'), predictions.Select(prediction => prediction.Cluster < 0));
        Assert.Equal(1, Points.Score(new AdjustedRandIndex(), expected.Select(c => (int)c), predictions.Select(p => p.Cluster)));
    }

    [Fact]
    public void Points_that_are_mostly_equal_have_no_bandwidth_and_points_that_all_are_need_none()
    {
        LabeledPoint[] equal = [.. Enumerable.Range(0, 20).Select(_ => Points.At(0.1, 0.7))];
        Assert.All(Points.Prepare(new MeanShift(), equal).Model.Predict(equal), prediction => Assert.Equal(0, prediction.Cluster));
        LabeledPoint[] mostly = [.. equal, .. Enumerable.Range(0, 20).Select(_ => Points.At(5, 5))];
        var error = Assert.Throws<TrainingFailedException>(() => Points.Prepare(new MeanShift(), mostly));
        Assert.Contains("estimated bandwidth is 0", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, Points.Prepare(new MeanShift(1), mostly).Model.Predict(mostly).Distinct().Count());
    }
}
