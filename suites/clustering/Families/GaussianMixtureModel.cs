using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Suites.Clustering.Centers;
using Suites.Clustering.Mixtures;

namespace Suites.Clustering.Families;

/// <summary>
/// A mixture of Gaussians by expectation and maximisation from the partition of k-means; of several starts the best bound.
/// </summary>
/// <param name="Clusters">Components; at most as many as there are different points.</param>
/// <param name="Covariance">What the covariance of a component may be.</param>
/// <param name="Restarts">Each draws new seeds for k-means.</param>
/// <param name="Regularization">Added to every variance, in the square of the coordinates' unit.</param>
/// <param name="Tolerance">It ends when the mean log density of a point, in nats, changes by less.</param>
/// <param name="MaxIterations">Of one start; one that reaches it is used as it is.</param>
public sealed record GaussianMixtureModel([property: Range(1, 10_000)] int Clusters = 8, CovarianceForm Covariance = CovarianceForm.Full,
    [property: Range(1, 1000)] int Restarts = 1, [property: Range(0.0, 1e100)] double Regularization = 1e-6,
    [property: Range(0.0, 1e100)] double Tolerance = 1e-3, [property: Range(1, 100_000)] int MaxIterations = 100)
    : IModelFamily<LabeledPoint, ClusterPrediction>
{
    public FamilyCard Card => new("gmm", 1, "Gaussian mixture")
    {
        Kind = "classical",
        Summary = "Weighted Gaussians whose density makes the points most likely; a point belongs to its most probable component.",
        Paper = "Dempster, Laird and Rubin: Maximum likelihood from incomplete data via the EM algorithm, J. Royal Statistical Society B, "
            + "1977",
        Link = "https://doi.org/10.1111/j.2517-6161.1977.tb01600.x",
        Equations = """
            p(x) = sum over k of w_k N(x; m_k, S_k)
            expectation: r_k(x) = w_k N(x; m_k, S_k) / p(x)
            maximisation: w_k = mean r_k, m_k = mean r_k x / w_k, S_k = mean r_k (x - m_k)(x - m_k)^T / w_k + regularization I
            tied: S = sum w_k S_k; diagonal: the diagonal of S_k; spherical: its mean
            """,
    };

    /// <summary>The curve has one point per iteration, start after start: the mean negative log density in nats.</summary>
    /// <exception cref="TrainingFailedException">There are fewer different points than components, a point is not finite, or a covariance
    /// collapses.</exception>
    public IModel<LabeledPoint, ClusterPrediction> Prepare(TrainingData<LabeledPoint> data, RunContext context)
    {
        var points = PointTable.ForTraining(data.Training);
        points.RequireDifferent(Clusters);
        var (chance, began, epoch) = (new Chance(unchecked((ulong)context.Seed)), context.Time.GetTimestamp(), 0);
        void Report(double bound)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            context.Progress.Report(new(++epoch, -bound, null, context.Time.GetElapsedTime(began).TotalSeconds));
        }
        var em = new ExpectationMaximization(points, Covariance, Regularization, Tolerance, MaxIterations, context.Threads, Report);
        var lloyd = new Lloyd(points, 1e-4, 300, _ => context.Cancellation.ThrowIfCancellationRequested(), context.Threads);
        MixtureFit? best = null;
        for (var restart = 0; restart < Restarts; restart++)
        {
            var fit = em.Run(lloyd.Run(PlusPlus.Draw(points, Clusters, chance)).Assignment, Clusters);
            if (best is null || fit.LowerBound > best.LowerBound) best = fit;
        }
        return new MixtureModel(best!.Mixture, Covariance);
    }
}

sealed class MixtureModel(GaussianMixture mixture, CovarianceForm form) : IModel<LabeledPoint, ClusterPrediction>
{
    public Footprint Footprint { get; } = new(mixture.Parameters(form), (long)mixture.Parameters(form) * sizeof(double), 64);

    /// <exception cref="HarnessException">A point is not finite or has another dimension than the components.</exception>
    public IReadOnlyList<ClusterPrediction> Predict(IReadOnlyList<LabeledPoint> batch)
    {
        var points = PointTable.ForPrediction(batch, mixture.Dimensions);
        var em = new ExpectationMaximization(points, form, 0, 0, 1, 1, static _ => { });
        return [.. em.Assign(mixture).Components.Select(component => new ClusterPrediction(component))];
    }

    public OperationCounts Count(IReadOnlyList<LabeledPoint> batch)
    {
        var dimensions = mixture.Dimensions;
        var whitening = form is CovarianceForm.Full or CovarianceForm.Tied ? dimensions * (dimensions + 1) / 2 : dimensions;
        double macs = mixture.Components * (whitening + dimensions);
        return new([new("densities", "distance", macs, 0, macs) { WeightBytes = Footprint.Bytes }], batch.Count);
    }

    public void Dispose() { }
}
