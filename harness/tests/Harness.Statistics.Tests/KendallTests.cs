namespace Harness.Statistics.Tests;

public sealed class KendallTests
{
    // scipy.stats.kendalltau([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]), from SciPy's documentation.
    [Fact]
    public void Ties_are_taken_out_of_both_sides() => Assert.Equal(-0.47140452079103173,
        Kendall.TauB([(12, 1), (2, 4), (1, 7), (12, 1), (2, 0)])!.Value, 1e-15);

    [Fact]
    public void Values_that_are_all_tied_have_no_agreement() => Assert.Null(Kendall.TauB([(1, 1), (1, 2), (1, 3)]));
}
