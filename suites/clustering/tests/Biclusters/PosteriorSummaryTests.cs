using Suites.Clustering.Biclusters;

namespace Suites.Clustering.Tests.Biclusters;

public sealed class PosteriorSummaryTests
{
    // Three items, four draws: similarities 3/4, 1/4 and 1/2 by hand; PEAR of {0 1} {2} is (3/4 - 1/2) / (5/4 - 1/2).
    [Fact]
    public void The_best_partition_is_that_of_the_largest_expected_Rand_index()
    {
        var similarity = new PosteriorSimilarity(3);
        foreach (var draw in new int[][] { [0, 0, 1], [4, 4, 7], [0, 0, 0], [0, 1, 1] }) similarity.Add(draw);
        Assert.Equal((0.75, 0.25, 0.5), (similarity[0, 1], similarity[2, 0], similarity[1, 2]));
        var best = similarity.Best(3, TestContext.Current.CancellationToken);
        Assert.True(best[0] == best[1] && best[0] != best[2]);
        Assert.Equal(1.0 / 3, similarity.ExpectedRand([0, 0, 1]), 1e-12);
        Assert.Equal(0, similarity.ExpectedRand([0, 0, 0]), 1e-12);
        // -3/4 log2 3/4 - 1/4 log2 1/4 twice, and 1 bit.
        Assert.Equal((2 * 0.8112781244591328 + 1) / 3, similarity.Entropy(), 1e-12);
    }

    // An autoregressive chain of first order with coefficient a is worth (1 - a) / (1 + a) of its length.
    [Fact]
    public void A_chain_that_remembers_is_worth_less()
    {
        var chance = new Harness.Datasets.Chance(2);
        var chain = new double[20_000];
        for (var at = 1; at < chain.Length; at++) chain[at] = 0.8 * chain[at - 1] + chance.Normal();
        Assert.Equal(chain.Length / 9.0, EffectiveDraws.Of(chain), chain.Length / 60.0);
        Assert.InRange(EffectiveDraws.Of([.. chain.Select(_ => chance.Normal())]), 0.9 * chain.Length, chain.Length);
        Assert.Equal(1, EffectiveDraws.Of(new double[100]));
    }
}
