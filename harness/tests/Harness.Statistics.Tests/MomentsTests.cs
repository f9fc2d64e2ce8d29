namespace Harness.Statistics.Tests;

public sealed class MomentsTests
{
    // numpy.std(ddof=1), scipy.stats.t.interval
    [Fact]
    public void Mean_deviation_and_interval_are_numpys_and_scipys() => Golden.Each("moments", golden =>
    {
        var moments = Moments.Of(golden.Numbers("values"));
        Near.Equal(golden.Number("mean"), moments.Mean, 1e-14);
        Near.Equal(golden.Number("deviation"), moments.StandardDeviation, 1e-12);
        Near.Equal(golden.Number("low"), golden.Number("high"), moments.Interval(), 1e-10);
    });

    [Fact]
    public void A_single_value_has_no_deviation() => Assert.Throws<ArgumentException>(() => Moments.Of([1.0]));

    // statsmodels.stats.anova on the two-way table without replication
    [Fact]
    public void Variance_components_are_those_of_the_analysis_of_variance() => Golden.Each("variance", golden =>
    {
        var components = VarianceComponents.Of(golden.Rows("scores"));
        Near.Equal(golden.Number("mean"), components.Mean, 1e-12);
        Near.Equal(golden.Number("seed"), components.Seed);
        Near.Equal(golden.Number("sample"), components.Sample);
        Near.Equal(golden.Number("residual"), components.Residual);
        Near.Equal(golden.Number("seedError"), components.SeedError);
        Near.Equal(golden.Number("sampleError"), components.SampleError);
    });

    [Fact]
    public void Seeds_that_answer_alike_have_no_seed_variance_but_samples_still_vary()
    {
        var components = VarianceComponents.Of([[1, 0, 1, 1], [1, 0, 1, 1], [1, 0, 1, 1]]);
        Assert.Equal((0, 0, 0), (components.Seed, components.Residual, components.SeedError));
        Near.Equal(0.25, components.Sample, 1e-12);
    }

    [Fact]
    public void Seeds_with_different_samples_are_refused() =>
        Assert.Throws<ArgumentException>(() => VarianceComponents.Of([[1, 0, 1], [1, 0]]));

    // scipy.stats.norm.ppf
    [Fact]
    public void The_detectable_effect_is_that_of_the_normal_formula() =>
        Golden.Each("detectable", golden => Near.Equal(golden.Number("expected"),
        DetectableEffect.Paired(golden.Number("deviation"), golden.Whole("pairs"), golden.Number("alpha"), golden.Number("power"))));

    [Fact]
    public void By_default_the_detectable_effect_is_3_17_standard_errors() => Near.Equal(3.17, DetectableEffect.Paired(2, 4), 1e-3);
}
