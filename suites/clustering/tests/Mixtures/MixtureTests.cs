using System.Text.Json;
using Harness.Datasets;
using Suites.Clustering.Families;
using Suites.Clustering.Metrics;
using Suites.Clustering.Mixtures;

namespace Suites.Clustering.Tests.Mixtures;

public sealed class MixtureTests
{
    static readonly PointTable Curls = PointTable.ForTraining(Points.Curls);

    // scikit-learn 1.2.1, GaussianMixture(3, covariance_type=..., tol=1e-6, max_iter=1000) on the curls, from equal weights, the means
    // X[[0, 25, 50]] and unit precisions: iterations, lower bound, Bayesian information criterion, and predictions.
    [Theory]
    [InlineData(CovarianceForm.Full, 45, -3.9441162224702833, 542.8977390849068,
        "000000000000000000001111111111111111111111122222111122222111")]
    [InlineData(CovarianceForm.Tied, 19, -4.058254328919974, 532.0282868837946,
        "000000000000000000001100111111100111111111122222111122222111")]
    [InlineData(CovarianceForm.Diagonal, 30, -4.100731870461049, 549.4085778676374,
        "000000000000000000001111111111111111111122222222222222222122")]
    [InlineData(CovarianceForm.Spherical, 19, -4.081781329146578, 534.8515109268427,
        "000000000000000000001110111111110111111111122222111122222111")]
    public void Fits_end_where_an_independent_implementation_ends(CovarianceForm form, int iterations, double bound, double criterion,
        string expected)
    {
        var em = Em(form, 1e-6);
        var fit = em.Run(Start());
        var (components, _, likelihood) = em.Assign(fit.Mixture);
        Assert.True(fit.Converged);
        Assert.Equal(iterations, fit.Iterations);
        Assert.Equal(bound, fit.LowerBound, 1e-9);
        Assert.Equal(criterion, fit.Mixture.Parameters(form) * Math.Log(60) - 2 * likelihood, 1e-6);
        Assert.Equal(expected.Select(c => c - '0'), components);
    }

    // GaussianMixture(3, tol=1e-8) from the same start.
    [Fact]
    public void A_mixture_ends_at_the_golden_place()
    {
        var golden = Points.GoldenOrSkip().GetProperty("gmm_fixed_init");
        var em = Em(CovarianceForm.Full, 1e-8);
        var fit = em.Run(Start());
        Assert.Equal(golden.GetProperty("n_iter").GetInt32(), fit.Iterations);
        Assert.Equal(golden.GetProperty("lower_bound").GetDouble(), fit.LowerBound, 1e-9);
        AssertEqual(golden.GetProperty("weights").EnumerateArray(), fit.Mixture.Weights);
        AssertEqual(golden.GetProperty("means").EnumerateArray().SelectMany(mean => mean.EnumerateArray()), fit.Mixture.Means);
        var (parameters, deviance) = (fit.Mixture.Parameters(CovarianceForm.Full), -2 * em.Assign(fit.Mixture).LogLikelihood);
        Assert.Equal(golden.GetProperty("bic").GetDouble(), parameters * Math.Log(60) + deviance, 1e-6);
        Assert.Equal(golden.GetProperty("aic").GetDouble(), 2 * parameters + deviance, 1e-6);
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        var points = PointTable.ForTraining(Points.Of(PointClouds.UnequalBlobs));
        var assignment = Enumerable.Range(0, points.Count).Select(i => i % 5).ToArray();
        MixtureFit Fit(int threads) =>
            new ExpectationMaximization(points, CovarianceForm.Full, 1e-6, 1e-9, 40, threads, static _ => { }).Run(assignment, 5);
        Assert.Equal(Fit(1).Mixture.Covariances, Fit(2).Mixture.Covariances);
    }

    [Fact]
    public void The_bound_never_falls()
    {
        var (points, bounds) = (PointTable.ForTraining(Points.Of(PointClouds.UnequalBlobs)), new List<double>());
        var assignment = Enumerable.Range(0, points.Count).Select(i => i % 5).ToArray();
        new ExpectationMaximization(points, CovarianceForm.Full, 0, 0, 60, 1, bounds.Add).Run(assignment, 5);
        Assert.All(bounds.Zip(bounds.Skip(1)), pair => Assert.InRange(pair.Second, pair.First - 1e-12, double.PositiveInfinity));
    }

    [Fact]
    public void A_narrow_cluster_in_a_wide_one_is_found_where_k_means_cuts_between_their_means()
    {
        var chance = new Chance(3);
        LabeledPoint[] points = [.. Enumerable.Range(0, 600).Select(i => i % 2 == 0
            ? new LabeledPoint(new[] { 0.2 * chance.Normal(), 0.2 * chance.Normal() }, 0)
            : new LabeledPoint(new[] { 2 + 2 * chance.Normal(), 2 * chance.Normal() }, 1))];
        double Score(IModelFamily<LabeledPoint, ClusterPrediction> family) =>
            Points.Score(new AdjustedRandIndex(), points, Points.Prepare(family, points).Model.Predict(points));
        Assert.InRange(Score(new GaussianMixtureModel(2)), Score(new KMeans(2)) + 0.2, 1);
    }

    [Fact]
    public void A_collapsed_component_is_an_error_with_the_remedy()
    {
        var error = Assert.Throws<TrainingFailedException>(() => Points.Prepare(new GaussianMixtureModel(1, Regularization: 0),
            [.. Enumerable.Range(0, 10).Select(i => Points.At(i, 2 * i))]));
        Assert.Contains("component 0 has collapsed", error.Message, StringComparison.Ordinal);
        Assert.Contains("Raise regularization", error.Message, StringComparison.Ordinal);
    }

    static void AssertEqual(IEnumerable<JsonElement> expected, IEnumerable<double> actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.GetDouble(), pair.Second, 1e-6));

    static ExpectationMaximization Em(CovarianceForm form, double tolerance) =>
        new(Curls, form, 1e-6, tolerance, 1000, threads: 1, static _ => { });

    static GaussianMixture Start() => GaussianMixture.Of([1 / 3.0, 1 / 3.0, 1 / 3.0],
        [.. new[] { 0, 25, 50 }.SelectMany(index => Curls[index].ToArray())], [1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1]);
}
