using CsCheck;

namespace Harness.Statistics.Tests;

public sealed class ChanceTests
{
    // xoshiro256** 1.0 over SplitMix64 in Python's whole numbers; seed 0 is also the first value that rand_xoshiro documents.
    [Fact]
    public void It_is_xoshiro256_starstar_seeded_by_splitmix64() => Golden.Each("chance", golden =>
    {
        var chance = new Chance(ulong.Parse(golden.Text("seed")));
        foreach (var expected in golden.Texts("expected")) Assert.Equal(ulong.Parse(expected), chance.Next());
    });

    // printf 'series 7' | sha256sum  ->  668ea0bd91410338...
    [Fact]
    public void A_text_is_hashed_to_a_seed()
    {
        var (named, numbered) = (Chance.From("series 7"), new Chance(0x668EA0BD91410338));
        for (var draw = 0; draw < 3; draw++) Assert.Equal(numbered.Next(), named.Next());
    }

    [Fact]
    public void Draws_below_a_bound_stay_below_it() => Gen.Select(Gen.ULong, Gen.Int[1, int.MaxValue]).Sample((seed, bound) =>
    {
        var chance = new Chance(seed);
        return Enumerable.Range(0, 20).All(_ => chance.Below(bound) is var drawn && drawn >= 0 && drawn < bound);
    });

    // The 99.99 % point of chi-squared with 6 degrees of freedom is 27.9 (scipy.stats.chi2.ppf).
    [Fact]
    public void Every_number_below_a_bound_is_as_likely()
    {
        var chance = new Chance(11);
        var counts = new int[7];
        for (var draw = 0; draw < 70_000; draw++) counts[chance.Below(7)]++;
        Assert.InRange(counts.Sum(count => (count - 10_000.0) * (count - 10_000.0) / 10_000), 0, 27.9);
    }

    [Fact]
    public void A_shuffle_keeps_the_values_and_reaches_every_order()
    {
        var chance = new Chance(3);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var turn = 0; turn < 500; turn++)
        {
            var letters = "abcd".ToCharArray();
            chance.Shuffle(letters.AsSpan());
            seen.Add(new string(letters));
            Assert.Equal("abcd", new string([.. letters.Order()]));
        }
        Assert.Equal(24, seen.Count);
    }

    [Fact]
    public void A_unit_draw_lies_in_zero_to_one()
    {
        var chance = new Chance(5);
        var draws = Enumerable.Range(0, 10_000).Select(_ => chance.Unit()).ToList();
        Assert.All(draws, draw => Assert.InRange(draw, 0, 1 - 1e-16));
        Assert.InRange(draws.Average(), 0.49, 0.51);
    }
}
