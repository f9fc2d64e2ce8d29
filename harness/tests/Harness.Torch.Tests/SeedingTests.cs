using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Torch.Tests;

public sealed class SeedingTests
{
    [Fact]
    public void The_stream_is_the_published_one()
    {
        // First outputs of SplitMix64 for seed 1234567 (Vigna's reference implementation).
        var order = new SampleOrder(1234567);
        Assert.Equal([6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL], [order.Next(), order.Next(), order.Next()]);
    }

    [Fact]
    public void A_permutation_holds_every_index_once_and_depends_on_the_seed()
    {
        var order = new SampleOrder(7).Permutation(1000);
        Assert.Equal(Enumerable.Range(0, 1000), order.Order());
        Assert.Equal(order, new SampleOrder(7).Permutation(1000));
        Assert.NotEqual(order, new SampleOrder(8).Permutation(1000));
    }

    [Fact]
    public void Draws_below_a_limit_are_uniform()
    {
        var order = new SampleOrder(3);
        var counts = new int[6];
        for (var i = 0; i < 60_000; i++) counts[order.Below(6)]++;
        // Chi-squared with 5 degrees of freedom stays below 20.5 in 99.9 % of streams.
        Assert.InRange(counts.Sum(count => Math.Pow(count - 10_000, 2) / 10_000), 0, 20.5);
    }

    [Fact]
    public void Equal_seeds_give_equal_weights()
    {
        Assert.Equal(Weights(5), Weights(5));
        Assert.NotEqual(Weights(5), Weights(6));
    }

    [Fact]
    public void Threads_below_one_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => TorchSession.Begin(1, 0));

    static float[] Weights(int seed)
    {
        TorchSession.Begin(seed, 1);
        using var layer = nn.Linear(4, 3);
        return layer.weight.data<float>().ToArray();
    }
}
