using Harness.Datasets;
using Harness.Testing;
using Suites.Clustering.Families.Tensors;
using Suites.Clustering.Metrics.Tensors;
using Suites.Clustering.Tensors;

namespace Suites.Clustering.Tests.Tensors;

public sealed class MotifTests
{
    static Benchmark<PairTensor, MotifPrediction> Benchmark { get; } =
        ClusteringSuite.Create().Benchmarks.OfType<Benchmark<PairTensor, MotifPrediction>>().Single();

    // The first of the plan's tensors with three motifs.
    [Fact]
    public void Planted_motifs_are_found_at_as_much_noise_as_signal()
    {
        var tensor = SimulatedMotifs.Planted.Read(new("."), Split.Test).First(one => one.Motifs.Count == 3);
        var found = Ask(new DynamicConnectome(Most: 4, Restarts: 2), tensor);
        Assert.Equal(3, found.Motifs.Count);
        Assert.All(MotifMatch.Of(tensor.Motifs, found.Motifs), match => Assert.InRange(match.Congruence, 0.95, 1));
        Assert.InRange(Score(new MotifRandIndex(), tensor, found), 0.9, 1);
        Assert.Equal(Math.Sqrt(0.5), found.Error, 0.01);
    }

    [Fact]
    public void A_background_without_communities_is_no_motif()
    {
        var (tensor, chance) = (new MotifDraw(12, 40, 4, new(2)).Planted(), new Chance(9));
        var values = Enumerable.Range(0, tensor.Values.Length).Select(_ => 1 + 0.3 * chance.Normal()).ToArray();
        Assert.Empty(Ask(new DynamicConnectome(Components: 1), tensor with { Values = values }).Motifs);
    }

    // scipy 1.10.1, savgol_filter(x, 7, 1, deriv=1, mode='nearest'), and numpy 1.24.2 for the rest.
    [Fact]
    public void Affinities_are_those_of_a_second_implementation()
    {
        double[][] traces = [[0, 1, 4, 2, 3, 7, 5, 6, 2, 1, 0, 3], [1, 2, 2, 3, 5, 6, 4, 4, 3, 0, 1, 1]];
        double[] expected = [0.690584119056, 0.673263970425, 0.584862832497, 0.549713208367, 0.615406817496, 0.661227032361,
            0.607677470253, 0.530853277348, 0.444569937933, 0.494855403779, 0.526063391817, 0.438874798451];
        var (plain, scaled) = (new DifferentialAffinity().Of(traces, scale: false), new DifferentialAffinity().Of(traces));
        for (var time = 0; time < 12; time++) Assert.Equal(expected[time], plain[0, time], 1e-11);
        Assert.Equal(0.815137062153, scaled[0, 0], 1e-11);
        Assert.Equal(0.690348008141, scaled[0, 2], 1e-11);
    }

    [Fact]
    public void Traces_that_move_against_each_other_have_no_affinity()
    {
        double[] up = [.. Enumerable.Range(0, 30).Select(time => Math.Sin(time / 3.0))];
        var affinities = new DifferentialAffinity().Of([up, [.. up.Select(value => -value)]]);
        for (var time = 0; time < 30; time++) Assert.Equal(0, affinities[0, time]);
    }

    [Fact]
    public void What_was_planted_scores_in_full_and_what_is_missing_or_too_much_shows()
    {
        var tensor = new MotifDraw(10, 40, 4, new(4)).Planted();
        MotifPrediction all = new([.. tensor.Motifs.Reverse()], 0.5), one = new([tensor.Motifs[0]], 0.5);
        MotifPrediction more = new([.. tensor.Motifs, tensor.Motifs[0]], 0.5);
        var planted = tensor.Motifs.Count;
        Assert.Equal((1, 1), (Score(new MotifCongruence(), tensor, all), Score(new MatchedMotifs(), tensor, all)));
        Assert.Equal((1, 0), (Score(new MotifRandIndex(), tensor, all), Score(new ExcessMotifs(), tensor, all)));
        Assert.Equal(1.0 / planted, Score(new MotifCongruence(), tensor, one), 1e-12);
        Assert.Equal(1.0 / planted, Score(new MotifRandIndex(), tensor, one), 1e-12);
        Assert.Equal((0, 1 - planted), (Score(new MatchedMotifs(), tensor, one), Score(new ExcessMotifs(), tensor, one)));
        Assert.Equal((1, 1), (Score(new MatchedMotifs(), tensor, more), Score(new ExcessMotifs(), tensor, more)));
        Assert.Equal((1, 0), (Score(new ExactMotifCount(), tensor, all), Score(new ExactMotifCount(), tensor, more)));
        Assert.Equal(0.5, Score(new RelativeError(), tensor, all));
        Assert.Equal(0, Score(new MotifCongruence(), tensor, new([], 1)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Sets_are_as_they_say(int set)
    {
        var tensors = SimulatedMotifs.All[set].Read(new("."), Split.Test).Take(3).ToArray();
        Assert.All(tensors, tensor =>
        {
            Assert.Equal(276 * 120 * 8, tensor.Values.Length);
            Assert.InRange(tensor.Motifs.Count, 2, 4);
            Assert.All(tensor.Motifs, motif => Assert.InRange(motif.Groups.Sum(), 6, 9));
        });
        Assert.Equal(tensors[0].Values.ToArray(), SimulatedMotifs.All[set].Read(new("."), Split.Train).First().Values.ToArray());
        Assert.Empty(Benchmark.Withhold(tensors[0]).Motifs);
    }

    [Fact]
    public void The_family_keeps_the_contract()
    {
        PairTensor[] tensors = [.. Enumerable.Range(1, 3).Select(seed => new MotifDraw(12, 40, 4, new((ulong)seed)).Planted())];
        FamilyContract.Of(Benchmark, new DynamicConnectome(Most: 3, Restarts: 1), new(tensors, tensors), tensors)
            .Varying("components", 1).Varying("most", 1).Varying("restarts", 3).Check();
    }

    [Fact]
    public void What_is_no_tensor_is_refused()
    {
        var family = new DynamicConnectome();
        Assert.Contains("no tensors", Refusal(family, []), StringComparison.Ordinal);
        Assert.Contains("1 nodes", Refusal(family, [Tensor(0, 1)]), StringComparison.Ordinal);
        Assert.Contains("has 5 values for 3 pairs, 2 times and 1 animals; it must have 6", Refusal(family, [Tensor(5, 3)]),
            StringComparison.Ordinal);
        var broken = Tensor(6, 3) with { Values = new[] { 1, 2, 3, double.NaN, 5, 6 } };
        Assert.Contains("has the value NaN", Refusal(family, [broken]), StringComparison.Ordinal);
        using var model = Prepare(family, [Tensor(6, 3)]);
        Assert.Contains("A tensor was not among those", Assert.Throws<HarnessException>(() =>
            model.Predict([Tensor(6, 3) with { Values = new double[] { 1, 2, 3, 4, 5, 6 } }])).Message, StringComparison.Ordinal);
        Assert.Empty(model.Predict([Tensor(6, 3)])[0].Motifs);
    }

    static PairTensor Tensor(int values, int nodes) => new(new double[values], nodes, 2, 1) { Motifs = [] };

    static string Refusal(DynamicConnectome family, PairTensor[] tensors) =>
        Assert.Throws<TrainingFailedException>(() => Prepare(family, tensors)).Message;

    static MotifPrediction Ask(DynamicConnectome family, PairTensor tensor)
    {
        var seen = Benchmark.Withhold(tensor);
        return Prepare(family, [seen]).Predict([seen])[0];
    }

    static double Score(IMetric<PairTensor, MotifPrediction> metric, PairTensor tensor, MotifPrediction prediction)
    {
        var tally = metric.Begin();
        tally.Add(tensor, prediction);
        return tally.Total();
    }

    static IModel<PairTensor, MotifPrediction> Prepare(DynamicConnectome family, PairTensor[] tensors) =>
        family.Prepare(new(tensors, []), new(1, 1, new(Path.GetTempPath()), new ManualTime(), new RecordingProgress<TrainingPoint>(),
            TestContext.Current.CancellationToken));
}
