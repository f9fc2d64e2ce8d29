namespace Harness.Datasets.Tests;

public sealed class ChanceTests
{
    [Fact]
    public void The_stream_is_SplitMix64()
    {
        var chance = new Chance(0);
        // First outputs for seed 0, as in Vigna's splitmix64.c.
        Assert.Equal([0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F], Enumerable.Range(0, 3).Select(_ => chance.Next()));
    }

    [Fact]
    public void Draws_are_those_of_an_independent_implementation()
    {
        var chance = new Chance(7);
        // By a second implementation in Python.
        Assert.Equal([3, 0, 9, 5, 4, 2, 4, 3, 1, 4], Enumerable.Range(0, 10).Select(_ => chance.Below(10)));
        Assert.Equal(0.10355994734501184, chance.Unit());
        Assert.Equal(2.206968811611065, chance.Normal(), 1e-14);
        int[] order = [.. Enumerable.Range(0, 10)];
        chance.Shuffle(order);
        Assert.Equal([5, 0, 2, 9, 3, 1, 6, 4, 7, 8], order);
    }

    [Fact]
    public void Normal_draws_have_mean_zero_and_variance_one()
    {
        var chance = new Chance(3);
        double[] draws = [.. Enumerable.Range(0, 100_000).Select(_ => chance.Normal())];
        Assert.Equal(0, draws.Average(), 0.016); // five standard errors
        Assert.Equal(1, draws.Average(draw => draw * draw), 0.023);
        Assert.All(draws, draw => Assert.True(double.IsFinite(draw)));
    }
}
