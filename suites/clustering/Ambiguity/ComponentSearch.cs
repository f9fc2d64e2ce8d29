using Harness.Datasets;
using Suites.Clustering.Centers;
using Suites.Clustering.Mixtures;

namespace Suites.Clustering.Ambiguity;

/// <summary>
/// How many Gaussians describe a plot: mixtures of 1 to √n - 1 of them, and the knee of their Bayesian information criteria, or of fewer
/// the one with the least criterion.
/// </summary>
static class ComponentSearch
{
    const double Regularization = 1e-6, Tolerance = 1e-3, Sensitivity = 1;
    const int MostIterations = 100;

    /// <param name="points">In a unit in which their variance is about 1.</param>
    /// <returns>The mixture at the knee; of one component where the criterion never falls.</returns>
    public static GaussianMixture Best(PointTable points, Chance chance, CancellationToken cancellation)
    {
        var most = Math.Max(1, Math.Min((int)Math.Sqrt(points.Count) - 1, points.Different()));
        var fits = Fits(points, most, chance, cancellation);
        if (most == 1) return fits[0].Mixture;
        double[] criteria = [.. fits.Select(fit => Criterion(points, fit, penalty: 1))];
        // Without a knee, as of a straight fall, the least.
        return fits[Kneedle.OfFallingConvexOrNull(criteria, Sensitivity) ?? Array.IndexOf(criteria, criteria.Min())].Mixture;
    }

    /// <param name="points">In a unit in which their variance is about 1.</param>
    /// <param name="penalty">Weight of the number of parameters; 1 is Schwarz's.</param>
    /// <returns>The mixture of at most so many components with the least criterion.</returns>
    public static GaussianMixture Least(PointTable points, int most, double penalty, Chance chance, CancellationToken cancellation) =>
        Fits(points, Math.Min(most, points.Different()), chance, cancellation).MinBy(fit => Criterion(points, fit, penalty))!.Mixture;

    /// <summary>The most probable component of each point.</summary>
    public static int[] Assigned(PointTable points, GaussianMixture mixture) => Assigning(points).Assign(mixture).Components;

    static MixtureFit[] Fits(PointTable points, int most, Chance chance, CancellationToken cancellation) =>
        [.. Enumerable.Range(1, most).Select(components => Fit(points, components, chance, cancellation))];

    static MixtureFit Fit(PointTable points, int components, Chance chance, CancellationToken cancellation)
    {
        void Watch(double _) => cancellation.ThrowIfCancellationRequested();
        var em = new ExpectationMaximization(points, CovarianceForm.Full, Regularization, Tolerance, MostIterations, 1, Watch);
        var lloyd = new Lloyd(points, 1e-4, 300, Watch);
        return em.Run(lloyd.Run(PlusPlus.Draw(points, components, chance)).Assignment, components);
    }

    // -2 log likelihood + penalty times free numbers log n.
    static double Criterion(PointTable points, MixtureFit fit, double penalty) => -2 * Assigning(points).Assign(fit.Mixture).LogLikelihood
        + penalty * fit.Mixture.Parameters(CovarianceForm.Full) * Math.Log(points.Count);

    static ExpectationMaximization Assigning(PointTable points) =>
        new(points, CovarianceForm.Full, Regularization, Tolerance, 1, 1, static _ => { });
}
