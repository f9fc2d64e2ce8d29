using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Suites.Clustering.Centers;
using Suites.Clustering.Splits;

namespace Suites.Clustering.Families;

/// <summary>
/// X-means: k-means whose clusters fall into two where the Bayesian information criterion of round Gaussians is better for it, from few
/// clusters up; of all placements on the way the one with the best criterion.
/// </summary>
/// <param name="Fewest">Clusters to begin with. From one, clusters that lie around an empty middle are not found: a first split in two
/// explains them no better.</param>
/// <param name="Most">Clusters at which splitting ends.</param>
public sealed record XMeans([property: Range(1, 10_000)] int Fewest = 2, [property: Range(1, 10_000)] int Most = 50)
    : IModelFamily<LabeledPoint, ClusterPrediction>
{
    public FamilyCard Card => new("x-means", 1, "X-means")
    {
        Kind = "classical",
        Summary = "k-means that splits a cluster where two round Gaussians explain it better than one.",
        Paper = "Pelleg and Moore: X-means: extending k-means with efficient estimation of the number of clusters, ICML 2000",
        Link = "https://www.cs.cmu.edu/~dpelleg/download/xmeans.pdf",
        Equations = """
            BIC = log likelihood - p/2 log n, p = (k - 1) + k d + 1
            log likelihood = sum over points of log(n_k / n) + log N(x; m_k, s^2 I), s^2 = sum |x - m_k|^2 / (d (n - k))
            split: where BIC of two centres on the cluster's points > BIC of one; s^2 per axis, where the paper counts it once for all axes
            """,
    };

    /// <summary>The curve has one point per assignment of all points: the mean squared distance.</summary>
    /// <exception cref="TrainingFailedException">There are fewer different points than clusters to begin with, or one is not finite.
    /// </exception>
    public IModel<LabeledPoint, ClusterPrediction> Prepare(TrainingData<LabeledPoint> data, RunContext context)
    {
        if (Most < Fewest) throw new TrainingFailedException($"most is {Most} and fewest is {Fewest}; most must be at least fewest.");
        var points = PointTable.ForTraining(data.Training);
        points.RequireDifferent(Fewest);
        var chance = new Chance(unchecked((ulong)context.Seed));
        var lloyd = new Lloyd(points, 1e-4, 300, InertiaCurve.Of(context, points.Count), context.Threads);
        var growing = new GrowingCenters(points, lloyd, region => HalvesOrNull(region, chance, context.Threads));
        var placements = growing.Run(PlusPlus.Draw(points, Fewest, chance), Most);
        return new KMeansModel(placements.MaxBy(placement => SphericalScore.Of(points, placement))!.Centers);
    }

    // Two centres apart from the mean along a drawn direction, by as much as the points are away from it.
    static PointTable? HalvesOrNull(PointTable region, Chance chance, int threads)
    {
        var lloyd = new Lloyd(region, 1e-4, 300, static _ => { }, threads);
        var one = lloyd.Run(new(PrincipalAxis.Middle(region), 1, region.Dimensions));
        if (one.Inertia == 0) return null;
        double[] direction = [.. Enumerable.Range(0, region.Dimensions).Select(_ => chance.Normal())];
        var scale = Math.Sqrt(one.Inertia / region.Count / direction.Sum(value => value * value));
        var center = one.Centers.Values;
        PointTable start = new([.. center.Zip(direction, (at, by) => at + scale * by),
            .. center.Zip(direction, (at, by) => at - scale * by)], 2, region.Dimensions);
        var two = lloyd.Run(start);
        return SphericalScore.Of(region, two) > SphericalScore.Of(region, one) ? two.Centers : null;
    }
}
