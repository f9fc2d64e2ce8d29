using System.Text.Json;
using CsCheck;
using Harness.Datasets;
using Suites.Clustering.Metrics;

namespace Suites.Clustering.Tests.Metrics;

public sealed class PartitionMetricTests
{
    const double Exact = 1e-12;
    const int Count = 200;

    static IMetric<LabeledPoint, ClusterPrediction>[] Metrics { get; } = [new AdjustedRandIndex(), new NormalizedMutualInformation()];

    // scikit-learn 1.2.1: adjusted_rand_score and normalized_mutual_info_score (average_method='arithmetic') of the labels by formula.
    [Theory]
    [InlineData("quadratic", -0.009130386371228148, 0.0003805073897843781)]
    [InlineData("nested", 0.5913757700205339, 0.7999999999999999)]
    [InlineData("merged", 0.5913757700205339, 0.7999999999999999)]
    [InlineData("some noise", 0.8265969341994863, 0.8405811212403972)]
    [InlineData("only noise", 0.0, 0.0)]
    [InlineData("singletons", 0.0, 0.3434746375346462)]
    [InlineData("both singletons", 1.0, 1.0)]
    [InlineData("renamed", 1.0, 1.0)]
    [InlineData("one against four", 0.0, 0.0)]
    [InlineData("both one", 1.0, 1.0)]
    [InlineData("one wrong", 0.9886561788818714, 0.9913238118727025)]
    [InlineData("crossed", -0.005050505050505051, 0.0)]
    public void Scores_are_those_of_an_independent_implementation(string name, double rand, double information)
    {
        var (references, predictions) = Labels(name);
        Assert.Equal(rand, Points.Score(new AdjustedRandIndex(), references, predictions), Exact);
        Assert.Equal(information, Points.Score(new NormalizedMutualInformation(), references, predictions), Exact);
    }

    // scikit-learn 1.2.1 on the same repeated labels: a bootstrap draws 44 different points here, some of them up to ten times.
    [Theory]
    [InlineData("quadratic", -0.004931532549678267, 0.008393179514812561)]
    [InlineData("some noise", 0.7842672267768819, 0.8208359197484943)]
    public void Repeated_points_are_counted_as_points_of_their_own(string name, double rand, double information)
    {
        var (references, predictions) = Labels(name);
        int[] drawn = [.. Enumerable.Range(0, Count).Select(i => (i * i * 7 + i * 3) % Count)];
        Assert.Equal(44, drawn.Distinct().Count());
        int[] references2 = [.. drawn.Select(index => references[index])], predictions2 = [.. drawn.Select(index => predictions[index])];
        Assert.Equal(rand, Points.Score(new AdjustedRandIndex(), references2, predictions2), Exact);
        Assert.Equal(information, Points.Score(new NormalizedMutualInformation(), references2, predictions2), Exact);
    }

    [Fact]
    public void A_million_points_do_not_overflow()
    {
        var references = Enumerable.Range(0, 1_000_000).Select(i => i % 1000);
        var predictions = Enumerable.Range(0, 1_000_000).Select(i => (int)(i * 7919L / 13 % 997));
        // scikit-learn 1.2.1
        Assert.Equal(4.5010094369546754e-05, Points.Score(new AdjustedRandIndex(), references, predictions), Exact);
        Assert.Equal(0.09291516954885302, Points.Score(new NormalizedMutualInformation(), references, predictions), Exact);
    }

    [Fact]
    public void Scores_are_the_golden_ones()
    {
        foreach (var sample in Points.GoldenOrSkip().GetProperty("label_metrics").EnumerateObject())
        {
            int[] references = [.. sample.Value.GetProperty("y").EnumerateArray().Select(Whole)];
            int[] predictions = [.. sample.Value.GetProperty("p").EnumerateArray().Select(Whole)];
            var (rand, information) = (sample.Value.GetProperty("ARI").GetDouble(), sample.Value.GetProperty("NMI_arith").GetDouble());
            Assert.Equal(rand, Points.Score(new AdjustedRandIndex(), references, predictions), Exact);
            Assert.Equal(information, Points.Score(new NormalizedMutualInformation(), references, predictions), Exact);
        }

        static int Whole(JsonElement number) => number.GetInt32();
    }

    [Fact]
    public void One_point_agrees_with_itself_and_no_point_has_no_score()
    {
        foreach (var metric in Metrics)
        {
            Assert.Equal(1, Points.Score(metric, [3], [4]));
            Assert.Equal(double.NaN, metric.Begin().Total());
        }
    }

    [Fact]
    public void Crossed_pairs_score_minus_one_half() => // scikit-learn 1.2.1
        Assert.Equal(-0.5, Points.Score(new AdjustedRandIndex(), [0, 0, 1, 1], [0, 1, 0, 1]), Exact);

    [Fact]
    public void Scores_do_not_depend_on_names_order_or_the_side() =>
        Gen.Select(Gen.Int[-1, 4].Array[1, 60], Gen.Int[0, 1000]).Sample((labels, seed) =>
        {
            var random = new Random(seed);
            int[] other = [.. labels.Select(label => random.Next(3) == 0 ? random.Next(4) : label)];
            int[] order = [.. Enumerable.Range(0, labels.Length)];
            random.Shuffle(order);
            foreach (var metric in Metrics)
            {
                var score = Points.Score(metric, labels, other);
                Assert.Equal(score, Points.Score(metric, other, labels), Exact);
                Assert.Equal(score, Points.Score(metric, labels, other.Select(label => 100 - 7 * label)), Exact);
                Assert.Equal(score, Points.Score(metric, order.Select(i => labels[i]), order.Select(i => other[i])), Exact);
                Assert.InRange(score, metric is AdjustedRandIndex ? -0.5 - Exact : 0, 1);
                Assert.Equal(1, Points.Score(metric, labels, labels), Exact);
            }
        });

    [Fact]
    public void The_index_is_the_one_that_counting_all_pairs_gives() =>
        Gen.Select(Gen.Int[0, 3].Array[2, 25], Gen.Int[0, 3].Array[25]).Sample((references, more) =>
        {
            int[] predictions = [.. more.Take(references.Length)];
            Assert.Equal(ByPairs(references, predictions), Points.Score(new AdjustedRandIndex(), references, predictions), Exact);
        });

    // The definition itself: every pair of points is looked at.
    static double ByPairs(int[] references, int[] predictions)
    {
        double both = 0, inReference = 0, inPrediction = 0, all = 0;
        for (var i = 0; i < references.Length; i++)
            for (var j = 0; j < i; j++)
            {
                all++;
                if (references[i] == references[j]) inReference++;
                if (predictions[i] == predictions[j]) inPrediction++;
                if (references[i] == references[j] && predictions[i] == predictions[j]) both++;
            }
        var expected = inReference * inPrediction / all;
        var most = (inReference + inPrediction) / 2;
        return most == expected ? 1 : (both - expected) / (most - expected);
    }

    static (int[] References, int[] Predictions) Labels(string name)
    {
        return name switch
        {
            "quadratic" => By(i => (i * i + 3) % 5, i => 7 * i / 3 % 7),
            "nested" => By(i => i / 50, i => i / 25),
            "merged" => By(i => i / 25, i => i / 50),
            "some noise" => By(i => i / 40, i => i % 9 == 0 ? -1 : i / 40),
            "only noise" => By(i => i / 40, _ => -1),
            "singletons" => By(i => i % 3, i => i),
            "both singletons" => By(i => i, i => Count - 1 - i),
            "renamed" => By(i => i % 4, i => 1_000_000_007 - i % 4 * 500_000_000),
            "one against four" => By(i => i % 4, _ => 0),
            "both one" => By(_ => 0, _ => 7),
            "one wrong" => By(i => i / 20, i => i == 7 ? 5 : i / 20),
            "crossed" => By(i => i / 2 % 2, i => i % 2),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such labels"),
        };

        static (int[], int[]) By(Func<int, int> reference, Func<int, int> prediction) =>
            ([.. Enumerable.Range(0, Count).Select(reference)], [.. Enumerable.Range(0, Count).Select(prediction)]);
    }
}
