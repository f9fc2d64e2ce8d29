using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Suites.Clustering.Centers;
using Suites.Clustering.Spectra;
using Suites.Clustering.Splits;

namespace Suites.Clustering.Families;

/// <summary>
/// G-means: k-means whose clusters fall into two until each of them looks normal along the line between its halves. Without chance.
/// </summary>
/// <param name="Critical">The corrected Anderson-Darling statistic above which a cluster is split; 1.8692 is a significance of 0.0001.
/// </param>
/// <param name="Most">Clusters at which splitting ends.</param>
public sealed record GMeans([property: Range(0.0, 1e100)] double Critical = 1.8692, [property: Range(1, 10_000)] int Most = 50)
    : IModelFamily<LabeledPoint, ClusterPrediction>
{
    /// <summary>Of fewer points the test says nothing.</summary>
    const int FewestPoints = 8;

    public FamilyCard Card => new("g-means", 1, "G-means")
    {
        Kind = "classical",
        Summary = "k-means that splits a cluster whose points are not normally distributed.",
        Paper = "Hamerly and Elkan: Learning the k in k-means, NIPS 2003",
        Link = "https://papers.nips.cc/paper/2526-learning-the-k-in-k-means",
        Equations = """
            halves: 2-means from m +- v sqrt(2 l / pi), l and v the largest eigenvalue and its eigenvector of the covariance
            y = projections of the points on the line between the halves, standardised and sorted
            A^2 = -n - 1/n sum (2i - 1)(ln F(y_i) + ln(1 - F(y_{n+1-i}))), split: A^2 (1 + 4/n - 25/n^2) > critical
            """,
    };

    /// <summary>The curve has one point per assignment of all points: the mean squared distance.</summary>
    /// <exception cref="TrainingFailedException">There is no point, or one is not finite.</exception>
    public IModel<LabeledPoint, ClusterPrediction> Prepare(TrainingData<LabeledPoint> data, RunContext context)
    {
        var points = PointTable.ForTraining(data.Training);
        var lloyd = new Lloyd(points, 1e-4, 300, InertiaCurve.Of(context, points.Count), context.Threads);
        var growing = new GrowingCenters(points, lloyd, region => HalvesOrNull(region, context));
        return new KMeansModel(growing.Run(new(PrincipalAxis.Middle(points), 1, points.Dimensions), Most)[^1].Centers);
    }

    PointTable? HalvesOrNull(PointTable region, RunContext context)
    {
        if (region.Count < FewestPoints) return null;
        var axis = PrincipalAxis.Of(region, context.Cancellation);
        if (axis.Variance == 0) return null;
        var reach = Math.Sqrt(2 * axis.Variance / Math.PI);
        PointTable start = new([.. axis.Mean.Zip(axis.Direction, (at, by) => at + reach * by),
            .. axis.Mean.Zip(axis.Direction, (at, by) => at - reach * by)], 2, region.Dimensions);
        var halves = new Lloyd(region, 1e-4, 300, static _ => { }, context.Threads).Run(start).Centers;
        var line = new double[region.Dimensions];
        for (var at = 0; at < line.Length; at++) line[at] = halves[0][at] - halves[1][at];
        var along = Enumerable.Range(0, region.Count).Select(point => Subspace.Dot(region[point], line)).ToArray();
        return AndersonDarling.Statistic(along) > Critical ? halves : null;
    }
}
