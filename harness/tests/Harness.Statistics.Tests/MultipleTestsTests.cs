using CsCheck;

namespace Harness.Statistics.Tests;

public sealed class MultipleTestsTests
{
    // statsmodels.stats.multitest.multipletests, methods fdr_bh and holm
    [Fact]
    public void Adjusted_p_values_are_those_of_statsmodels() => Golden.Each("multiple", golden =>
    {
        var (discovery, familywise) = (FalseDiscovery.Adjust(golden.Numbers("p")), FamilywiseError.Adjust(golden.Numbers("p")));
        for (var test = 0; test < discovery.Length; test++)
        {
            Near.Equal(golden.Numbers("benjaminiHochberg")[test], discovery[test], 1e-12);
            Near.Equal(golden.Numbers("holm")[test], familywise[test], 1e-12);
        }
    });

    [Fact]
    public void Adjusting_keeps_the_order_never_lowers_and_stays_a_probability() => Gen.Double[0, 1].Array[1, 30].Sample(p =>
    {
        var (discovery, familywise) = (FalseDiscovery.Adjust(p), FamilywiseError.Adjust(p));
        var order = Enumerable.Range(0, p.Length).OrderBy(test => p[test]).ToArray();
        var sorted = order.Zip(order.Skip(1)).All(pair =>
            discovery[pair.First] <= discovery[pair.Second] && familywise[pair.First] <= familywise[pair.Second]);
        return sorted && Enumerable.Range(0, p.Length).All(test =>
            p[test] <= discovery[test] + 1e-15 && discovery[test] <= familywise[test] + 1e-12 && familywise[test] <= 1);
    });

    [Fact]
    public void The_place_of_a_test_in_the_list_does_not_matter() => Gen.Double[0, 1].Array[2, 12].Sample(p =>
        FalseDiscovery.Adjust([.. p.Reverse()]).Reverse().SequenceEqual(FalseDiscovery.Adjust(p))
        && FamilywiseError.Adjust([.. p.Reverse()]).Reverse().SequenceEqual(FamilywiseError.Adjust(p)));

    // Under the hypothesis every rejection is false, so the share of sets with one is at most q: 2 000 sets, four standard errors.
    [Fact]
    public void The_share_of_false_discoveries_is_held()
    {
        var (chance, rejected) = (new Chance(41), 0);
        for (var set = 0; set < 2_000; set++)
        {
            double[] p = [.. Enumerable.Range(0, 20).Select(_ => chance.Unit())];
            if (FalseDiscovery.Adjust(p).Min() <= 0.05) rejected++;
        }
        Assert.InRange(rejected / 2_000.0, 0.03, 0.07);
    }

    [Fact]
    public void No_tests_need_no_correction() => Assert.Empty(FalseDiscovery.Adjust([]));

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void What_is_no_probability_is_refused(double p)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FalseDiscovery.Adjust([0.5, p]));
        Assert.Throws<ArgumentOutOfRangeException>(() => FamilywiseError.Adjust([0.5, p]));
    }
}
