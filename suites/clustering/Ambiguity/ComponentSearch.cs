using Harness.Datasets;
using Suites.Clustering.Centers;
using Suites.Clustering.Mixtures;

namespace Suites.Clustering.Ambiguity;

/// <summary>
/// How many Gaussians describe a plot: mixtures of 1 to √n - 1 of them, and the knee of their Bayesian information criteria.
/// </summary>
static class ComponentSearch
{
    const double Regularization = 1e-6, Tolerance = 1e-3, Sensitivity = 1;
    const int MostIterations = 100;

    /// <param name="points">In a unit in which their variance is about 1.</param>
    /// <returns>The mixture at the knee; of one component where the criterion never falls.</returns>
    public static GaussianMixture Best(PointTable points, Chance chance, CancellationToken cancellation)
    {
        var most = Math.Max(1, Math.Min((int)Math.Sqrt(points.Count) - 1, Different(points)));
        MixtureFit[] fits = [.. Enumerable.Range(1, most).Select(components => Fit(points, components, chance, cancellation))];
        if (most == 1) return fits[0].Mixture;
        double[] criteria = [.. fits.Select(fit => Criterion(points, fit))];
        // Without a knee, as of a straight fall, the least.
        return fits[Kneedle.OfFallingConvexOrNull(criteria, Sensitivity) ?? Array.IndexOf(criteria, criteria.Min())].Mixture;
    }

    static MixtureFit Fit(PointTable points, int components, Chance chance, CancellationToken cancellation)
    {
        void Watch(double _) => cancellation.ThrowIfCancellationRequested();
        var em = new ExpectationMaximization(points, CovarianceForm.Full, Regularization, Tolerance, MostIterations, 1, Watch);
        var lloyd = new Lloyd(points, 1e-4, 300, Watch);
        return em.Run(lloyd.Run(PlusPlus.Draw(points, components, chance)).Assignment, components);
    }

    // -2 log likelihood + free numbers log n.
    static double Criterion(PointTable points, MixtureFit fit)
    {
        var em = new ExpectationMaximization(points, CovarianceForm.Full, Regularization, Tolerance, 1, 1, static _ => { });
        return -2 * em.Assign(fit.Mixture).LogLikelihood + fit.Mixture.Parameters(CovarianceForm.Full) * Math.Log(points.Count);
    }

    static int Different(PointTable points) => Enumerable.Range(0, points.Count).Select(at => new PointKey(points, at)).Distinct().Count();
}
