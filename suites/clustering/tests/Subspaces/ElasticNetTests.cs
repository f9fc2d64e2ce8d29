using Harness.Datasets;
using Suites.Clustering.Families;
using Suites.Clustering.Metrics;
using Suites.Clustering.Subspaces;

namespace Suites.Clustering.Tests.Subspaces;

public sealed class ElasticNetTests
{
    // Points near three planes in nine dimensions, in turns.
    static readonly LabeledPoint[] Planes = [.. Enumerable.Range(0, 45).Select(i =>
    {
        var (one, other) = (Math.Sin(1.3 * i + 0.2) + 1.5 * Math.Cos(0.37 * i), Math.Cos(2.1 * i) + 0.5 * Math.Sin(0.9 * i));
        double[] point = [.. Enumerable.Range(0, 9).Select(j => one * Math.Sin(j * (1.1 + i % 3) + i % 3)
            + other * Math.Cos(j * (0.7 + 0.6 * (i % 3)) + 2 * (i % 3)) + 0.05 * Math.Sin(7.7 * i + 3.3 * j))];
        var length = Math.Sqrt(point.Sum(value => value * value));
        return new LabeledPoint(point.Select(value => value / length).ToArray(), i % 3);
    })];

    // scikit-learn 1.2.1, ElasticNet(alpha=1/(9 gamma), l1_ratio=0.9, fit_intercept=False, tol=1e-14) of each point on the others.
    [Fact]
    public void Coefficients_are_those_of_an_independent_implementation()
    {
        var expression = new SelfExpression(PointTable.ForTraining(Planes), 0.9, 50, CancellationToken.None);
        var (others, coefficients) = expression.Of(0);
        Assert.Equal([15, 27, 30, 33, 36, 42], others);
        double[] expected = [0.41422274384097885, -0.053036717812695276, 0.026067215094249505, 0.17326578188437566, 0.28142078804247,
            -0.05998500019332964];
        Assert.All(expected.Zip(coefficients), pair => Assert.Equal(pair.First, pair.Second, 1e-7));
        var all = Enumerable.Range(0, 45).SelectMany(point => expression.Of(point).Coefficients).ToArray();
        Assert.Equal(219, all.Length);
        Assert.Equal(45.993095817068536, all.Sum(Math.Abs), 1e-6);
    }

    [Fact]
    public void Planes_are_found_where_k_means_finds_nothing_and_lengths_do_not_matter()
    {
        Assert.Equal(1, Score(new ElasticNetSubspaces(3), Planes));
        Assert.InRange(Score(new KMeans(3), Planes), -0.5, 0.5);
        LabeledPoint[] scaled = [.. Planes.Select((point, i) =>
            point with { Coordinates = point.Coordinates.ToArray().Select(value => (1 + i) * value).ToArray() })];
        Assert.Equal(1, Score(new ElasticNetSubspaces(3), scaled));
    }

    static double Score(IModelFamily<LabeledPoint, ClusterPrediction> family, LabeledPoint[] points) =>
        Points.Score(new AdjustedRandIndex(), points, Points.Prepare(family, points).Model.Predict(points));
}
