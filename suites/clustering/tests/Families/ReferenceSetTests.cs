using Harness.Datasets;
using Suites.Clustering.Centers;
using Suites.Clustering.Families;
using Suites.Clustering.Metrics;
using Suites.Clustering.Mixtures;

namespace Suites.Clustering.Tests.Families;

/// <summary>Baselines on 18 sets of Gagolewski's suite against scikit-learn 1.2.1.</summary>
public sealed class ReferenceSetTests
{
    const double FourDigits = 5.001e-5;

    // From rows i n / k of the file: KMeans(k, init=X[rows], n_init=1, algorithm='lloyd'); GaussianMixture(k, weights_init=[1/k]*k,
    // means_init=X[rows], precisions_init=[I]*k, tol=1e-6, max_iter=1000): adjusted Rand index of both, and the bound of the mixture.
    [Theory]
    [InlineData("atom", 0.18206807775637826, 0.030237368034312838, -13.224207726331876)]
    [InlineData("chainlink", 0.10022375900972008, 0.9100259362323609, -1.0218855756086551)]
    [InlineData("hepta", 1.0, 1.0, -2.644854796507779)]
    [InlineData("lsun", 0.44049232661138926, 1.0, -2.5477228146445112)]
    [InlineData("target", 0.6572563079444469, 0.6613190674386332, -2.0172051588620508)]
    [InlineData("tetra", 1.0, 1.0, -3.138707060084828)]
    [InlineData("twodiamonds", 1.0, 1.0, -1.8138353120135953)]
    [InlineData("wingnut", 0.859497168372491, 0.07102315928301774, -2.686906059437723)]
    [InlineData("dense", 0.8090500479773749, 1.0, -1.1459812995226866)]
    [InlineData("fuzzyx", 0.6071100939905137, 0.6494412041599034, 0.5838442528941966)]
    [InlineData("line", -0.009239623395487596, 1.0, -0.5346364871105133)]
    [InlineData("parabolic", 0.5894131073248943, 0.21654846509623085, -5.039637296397364)]
    [InlineData("ring", 0.16919989994969117, 0.027924519015780382, -4.622923329375514)]
    [InlineData("ring_noisy", 0.1644202262232156, 0.026545883070901187, -4.625667696206898)]
    [InlineData("ring_outliers", 0.6231183428307387, 0.6222681323435463, -4.020026188121472)]
    [InlineData("zigzag", 0.13736385169320045, 0.33407713874269823, -1.8065059999726727)]
    [InlineData("zigzag_noisy", 0.13063076726332185, 0.32730880772997445, -1.8623787205717794)]
    [InlineData("zigzag_outliers", 0.13736385169320045, 0.33407713874269823, -1.8065059999726727)]
    public void From_the_same_start_centres_and_mixtures_end_where_an_independent_implementation_ends(string set, double centers,
        double mixture, double bound)
    {
        var points = Points.ReferenceSetOrSkip(set);
        var (table, k) = (PointTable.ForTraining(points), points.Select(point => point.Label).Distinct().Count());
        var start = new PointTable([.. Enumerable.Range(0, k).SelectMany(i => table[i * table.Count / k].ToArray())], k, table.Dimensions);
        Assert.Equal(centers, Score(points, new Lloyd(table, 1e-4, 300, static _ => { }).Run(start).Assignment), 1e-6);

        double[] unit = [.. Enumerable.Range(0, table.Dimensions * table.Dimensions)
            .Select(at => at % (table.Dimensions + 1) == 0 ? 1 : 0)];
        var em = new ExpectationMaximization(table, CovarianceForm.Full, 1e-6, 1e-6, 1000, 1, static _ => { });
        var fit = em.Run(GaussianMixture.Of([.. Enumerable.Repeat(1.0 / k, k)], start.Values,
            [.. Enumerable.Repeat(unit, k).SelectMany(one => one)]));
        Assert.Equal(bound, fit.LowerBound, 1e-9);
        Assert.Equal(mixture, Score(points, em.Assign(fit.Mixture).Components), 1e-6);
    }

    // Golden scores beside the data, four digits: KMeans(k, n_init=10), AgglomerativeClustering(k). Where they are no property of the
    // points: ten starts miss the least inertia of lsun and the rings (scikit-learn's own 100 find less), target has dozens of optima
    // within 0.1 % of each other, and wingnut is a grid, of whose many equal merges Ward's takes those that the order of the points says.
    [Theory]
    [InlineData("kmeans", "lsun", "target", "ring", "ring_noisy")]
    [InlineData("single")]
    [InlineData("ward", "wingnut")]
    public void Families_score_as_the_golden_values_say(string name, params string[] except)
    {
        foreach (var set in Points.GoldenOrSkip().GetProperty("fcps_graves").EnumerateObject().Where(set => !except.Contains(set.Name)))
        {
            var (points, clusters) = (Points.ReferenceSetOrSkip(set.Name), set.Value.GetProperty("K").GetInt32());
            Assert.Equal(set.Value.GetProperty("n").GetInt32(), points.Count);
            IModelFamily<LabeledPoint, ClusterPrediction> family = name switch
            {
                "kmeans" => new KMeans(clusters, Restarts: 50),
                "single" => new Agglomerative(clusters, Linkage.Single),
                _ => new Agglomerative(clusters),
            };
            var score = Score(points, Points.Prepare(family, points).Model.Predict(points).Select(prediction => prediction.Cluster));
            var golden = set.Value.GetProperty("ARI").GetProperty(name).GetDouble();
            Assert.True(Math.Abs(golden - score) < FourDigits, $"{set.Name}: {score} where {golden} is golden");
        }
    }

    // On the other sets the golden score of the mixture depends on the draws of its start: scikit-learn's own differ between 1, 5 and
    // 10 starts.
    [Theory]
    [InlineData("chainlink")]
    [InlineData("hepta")]
    [InlineData("lsun")]
    [InlineData("tetra")]
    [InlineData("twodiamonds")]
    [InlineData("wingnut")]
    [InlineData("dense")]
    [InlineData("fuzzyx")]
    [InlineData("line")]
    public void Mixtures_score_as_the_golden_values_say_where_their_optimum_is_plain(string set)
    {
        var golden = Points.GoldenOrSkip().GetProperty("fcps_graves").GetProperty(set);
        var points = Points.ReferenceSetOrSkip(set);
        var family = new GaussianMixtureModel(golden.GetProperty("K").GetInt32(), Restarts: 5);
        Assert.Equal(golden.GetProperty("ARI").GetProperty("gmm").GetDouble(),
            Score(points, Points.Prepare(family, points).Model.Predict(points).Select(prediction => prediction.Cluster)), FourDigits);
    }

    static double Score(IReadOnlyList<LabeledPoint> points, IEnumerable<int> clusters) =>
        Points.Score(new AdjustedRandIndex(), points.Select(point => point.Label), clusters);
}
