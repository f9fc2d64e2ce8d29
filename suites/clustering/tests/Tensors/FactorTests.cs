using Harness.Datasets;
using Suites.Clustering.Tensors;

namespace Suites.Clustering.Tests.Tensors;

public sealed class FactorTests
{
    // Axes [one, two, three]: 4 x 3 x 3.
    static readonly double[] Tiny = [.. from i in Enumerable.Range(0, 4) from j in Enumerable.Range(0, 3) from k in Enumerable.Range(0, 3)
                                        select (double)((7 * i + 3 * j + 5 * k + i * j * k) % 11)];

    static readonly Factors Begin = new([.. new[] { 4, 3, 3 }.Select((size, mode) => Enumerable.Range(0, 2).Select(r =>
        Enumerable.Range(0, size).Select(at => 1 + (3 * at + 2 * r + mode) % 5 / 4.0).ToArray()).ToArray())]);

    // numpy 1.24.2: the same updates, written with einsum, and the same end.
    [Fact]
    public void Factors_and_errors_are_those_of_a_second_implementation()
    {
        var (factors, errors) = Solver(Tiny, 4, 3, 3).Fit(Begin);
        Assert.Equal(71, errors.Count);
        Assert.Equal(327.8404073318571, errors[0], 1e-9);
        Assert.Equal(278.5472391455986, errors[2], 1e-9);
        Assert.Equal(264.268086917791, errors[^1], 1e-9);
        double[] second = [1.585931920617825, 1.8535560454974047, 1.9671271254596994];
        Assert.All(second.Zip(factors.Modes[1][1]), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
        Assert.Equal(0, factors.Modes[0][0][1]);
    }

    [Fact]
    public void The_error_of_what_is_not_held_out_never_rises()
    {
        var tensor = new MotifDraw(10, 30, 4, new(5)).Planted();
        var chance = new Chance(1);
        bool[] heldOut = [.. Enumerable.Range(0, tensor.Pairs * 4).Select(_ => chance.Unit() < 0.2)];
        foreach (var held in new[] { null, heldOut })
        {
            var solver = Solver(tensor.Values, tensor.Pairs, 30, 4);
            var (factors, errors) = solver.Fit(Factors.Draw([tensor.Pairs, 30, 4], 3, chance), held);
            Assert.True(errors.Count > 10);
            foreach (var (before, after) in errors.Zip(errors.Skip(1)))
                Assert.True(after <= before * (1 + 1e-12), $"{after} after {before}");
            var tubes = from pair in Enumerable.Range(0, tensor.Pairs) from animal in Enumerable.Range(0, 4)
                        where held is null || !held[pair * 4 + animal] select solver.TubeError(factors, pair, animal);
            Assert.Equal(errors[^1], tubes.Sum(), 1e-9 * errors[0]);
            Assert.All(factors.Modes.SelectMany(mode => mode).SelectMany(vector => vector), value => Assert.True(value >= 0));
        }
    }

    // What is held out is not looked at.
    [Fact]
    public void Values_that_are_held_out_do_not_change_the_factors()
    {
        var heldOut = new bool[12];
        heldOut[4] = true;
        var other = (double[])Tiny.Clone();
        for (var two = 0; two < 3; two++) other[(1 * 3 + two) * 3 + 1] = 99;
        var (one, changed) = (Solver(Tiny, 4, 3, 3).Fit(Begin, heldOut).Factors, Solver(other, 4, 3, 3).Fit(Begin, heldOut).Factors);
        Assert.Equal(one.Modes.SelectMany(mode => mode).SelectMany(vector => vector),
            changed.Modes.SelectMany(mode => mode).SelectMany(vector => vector));
    }

    // Vectors that do not overlap in all axes are unique, so they must be found.
    [Fact]
    public void Planted_vectors_are_found_where_there_is_no_noise()
    {
        Factors planted = new([[[1, 2, 0, 0, 1], [0, 1, 3, 1, 0]], [[1, 0, 2, 1], [0, 2, 1, 0]], [[2, 1, 0], [0, 1, 2]]]);
        double[] values = [.. from one in Enumerable.Range(0, 5) from two in Enumerable.Range(0, 4) from three in Enumerable.Range(0, 3)
                              select Enumerable.Range(0, 2).Sum(r =>
                                  planted.Modes[0][r][one] * planted.Modes[1][r][two] * planted.Modes[2][r][three])];
        var (found, errors) = Solver(values, 5, 4, 3).Fit(Factors.Draw([5, 4, 3], 2, new(1)));
        Assert.True(errors[^1] < 1e-4 * values.Sum(value => value * value), $"{errors[^1]}");
        Assert.All(MotifMatch.Of(Motifs(planted), Motifs(found)), match => Assert.InRange(match.Congruence, 0.999, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_number_of_components_is_found_at_as_much_noise_as_signal(ulong seed)
    {
        var tensor = new MotifDraw(14, 60, 6, new(seed)).Planted();
        Assert.Equal(tensor.Motifs.Count, new RankSearch(tensor, 3, new(1), TestContext.Current.CancellationToken).Best(5));
    }

    [Fact]
    public void Noise_alone_has_no_more_than_one_component()
    {
        var chance = new Chance(3);
        var noise = new PairTensor(Enumerable.Range(0, 45 * 30 * 4).Select(_ => chance.Normal()).ToArray(), 10, 30, 4) { Motifs = [] };
        Assert.Equal(1, new RankSearch(noise, 3, chance, TestContext.Current.CancellationToken).Best(4));
    }

    static Motif[] Motifs(Factors factors) =>
        [.. Enumerable.Range(0, factors.Rank).Select(r => new Motif(factors.Modes[0][r], factors.Modes[1][r], factors.Modes[2][r], []))];

    static HierarchicalLeastSquares Solver(ReadOnlyMemory<double> values, int one, int two, int three) =>
        new(values, [one, two, three], TestContext.Current.CancellationToken);
}
