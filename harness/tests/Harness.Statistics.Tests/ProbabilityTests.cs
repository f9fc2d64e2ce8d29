namespace Harness.Statistics.Tests;

/// <summary>Against scipy.special, scipy.stats and 40-digit sums (goldens.py), at sizes where MathNet's own have lost their
/// digits.</summary>
public sealed class ProbabilityTests
{
    [Fact]
    public void The_beta_integral_keeps_its_digits() => Golden.Each("probability.beta", golden =>
        Near.Equal(golden.Number("expected"), Probability.Beta(golden.Number("a"), golden.Number("b"), golden.Number("x"),
            1 - golden.Number("x")), 1e-11));

    [Fact]
    public void The_beta_quantile_is_relatively_exact_even_near_zero() => Golden.Each("probability.betaQuantile", golden =>
        Near.Equal(golden.Number("expected"), Probability.BetaQuantile(golden.Number("a"), golden.Number("b"), golden.Number("p")), 1e-11));

    [Fact]
    public void A_binomial_point_keeps_its_digits_in_two_million_trials() => Golden.Each("probability.binomial", golden =>
        Near.Equal(golden.Number("point"), Probability.Binomial(golden.Whole("successes"), golden.Whole("trials"), golden.Number("share")),
            1e-11));

    [Fact]
    public void Students_tails_are_scipys() => Golden.Each("probability.student", golden =>
        Near.Equal(golden.Number("expected"), Probability.Student(golden.Number("t"), golden.Number("freedom")), 1e-11));

    // scipy.stats.t.sf, doubled.
    [Theory]
    [InlineData(2, 10, 0.07338803477074039)]
    [InlineData(-7.5, 24, 9.700431470035745e-08)]
    [InlineData(40, 5, 1.8411962171772952e-07)]
    public void Students_test_has_two_sides(double t, double freedom, double expected) =>
        Near.Equal(expected, StudentTest.TwoSided(t, freedom), 1e-11);

    [Fact]
    public void Students_quantiles_are_scipys_from_one_degree_of_freedom_on() => Golden.Each("probability.studentQuantile", golden =>
        Near.Equal(golden.Number("expected"), Probability.StudentQuantile(golden.Number("p"), golden.Number("freedom")), 1e-10));

    [Fact]
    public void Fishers_tail_is_scipys() => Golden.Each("probability.fisher", golden =>
        Near.Equal(golden.Number("expected"), Probability.FisherAbove(golden.Number("x"), golden.Number("above"), golden.Number("below")),
            1e-11));

    [Fact]
    public void The_tail_of_chi_squared_is_scipys() => Golden.Each("probability.chiSquared", golden =>
        Near.Equal(golden.Number("expected"), Probability.ChiSquaredAbove(golden.Number("x"), golden.Number("freedom")), 1e-11));

    [Fact]
    public void The_range_of_normals_is_the_integral_of_forty_digits() => Golden.Each("probability.normalRangeAbove", golden =>
        Near.Equal(golden.Number("expected"), Probability.NormalRange(golden.Number("q"), golden.Whole("count")), 1e-11));

    [Fact]
    public void The_quantile_of_the_range_is_scipys() => Golden.Each("probability.normalRange", golden =>
        Near.Equal(golden.Number("expected"), Probability.NormalRangeQuantile(golden.Number("level"), golden.Whole("count")), 1e-8));

    // R's qtukey stops at an error of 1e-4.
    [Fact]
    public void The_quantile_of_the_range_is_Rs() => Golden.EachOfR("range", golden =>
        Near.Equal(golden.Number("expected"), Probability.NormalRangeQuantile(golden.Number("level"), golden.Whole("count")), 1e-4));

    [Theory]
    [InlineData(-1, 10, 0.0)]
    [InlineData(10, 10, 1.0)]
    [InlineData(12, 10, 1.0)]
    public void Outside_of_what_can_be_counted_a_binomial_is_certain(int successes, int trials, double expected) =>
        Assert.Equal(expected, Probability.BinomialUpTo(successes, trials, 0.3));

    [Fact]
    public void The_points_of_a_binomial_sum_to_its_distribution()
    {
        var sum = 0.0;
        for (var successes = 0; successes < 60; successes++)
        {
            sum += Probability.Binomial(successes, 60, 0.37);
            Near.Equal(sum, Probability.BinomialUpTo(successes, 60, 0.37), 1e-12);
        }
    }
}
