using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Suites.Clustering.Centers;
using Suites.Clustering.Densities;
using Suites.Clustering.Modes;

namespace Suites.Clustering.Families;

/// <summary>
/// Mean shift: every mode of the density is a cluster, and a point belongs to the nearest mode. The number of clusters follows from the
/// bandwidth. Without chance.
/// </summary>
/// <param name="Bandwidth">Reach of the flat kernel, in the unit of the coordinates; null takes the mean distance of a point to its
/// farthest of the nearest <paramref name="Quantile"/> of all points.</param>
/// <param name="Quantile">Share of the points; only where the bandwidth is null.</param>
/// <param name="Noise">Whether points farther than the bandwidth from every mode are noise.</param>
/// <param name="MaxIterations">Steps of one climb.</param>
public sealed record MeanShift([property: Range(0.0, 1e150, MinimumIsExclusive = true)] double? Bandwidth = null,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double Quantile = 0.3, bool Noise = false,
    [property: Range(1, 100_000)] int MaxIterations = 300) : IModelFamily<LabeledPoint, ClusterPrediction>
{
    /// <summary>Every point climbs over all points within reach: more would take days.</summary>
    const int MostPoints = 50_000;

    public FamilyCard Card => new("mean-shift", 1, "Mean shift")
    {
        Kind = "classical",
        Summary = "Hills of the density: each point climbs, and those that arrive at one top are one cluster.",
        Paper = "Comaniciu and Meer: Mean shift, a robust approach toward feature space analysis, IEEE Trans. PAMI 24(5), 2002",
        Link = "https://doi.org/10.1109/34.1000236",
        Equations = "m <- mean of x with |x - m| <= bandwidth, until m moves by less than bandwidth / 1000",
    };

    /// <exception cref="TrainingFailedException">There are no points or too many, one is not finite, or no bandwidth can be estimated.
    /// </exception>
    public IModel<LabeledPoint, ClusterPrediction> Prepare(TrainingData<LabeledPoint> data, RunContext context)
    {
        var points = PointTable.ForTraining(data.Training);
        points.RequireAtMost(MostPoints, "Mean shift climbs from every point over all others", "Take fewer points, or family k-means.");
        var bandwidth = Bandwidth ?? Estimate(points, context);
        var modes = new ModeSearch(points, bandwidth, MaxIterations).Modes(context.Threads, context.Cancellation);
        return new TransductiveModel(points, [.. Enumerable.Range(0, points.Count).Select(point =>
            Nearest.Of(modes, points[point]) is var (mode, squared) && Noise && squared > bandwidth * bandwidth ? -1 : mode)]);
    }

    double Estimate(PointTable points, RunContext context)
    {
        var (tree, reaches) = (new Neighborhoods(points), new double[points.Count]);
        var count = Math.Max(1, (int)(points.Count * Quantile));
        Parallel.For(0, points.Count, new ParallelOptions { MaxDegreeOfParallelism = context.Threads,
            CancellationToken = context.Cancellation }, point => reaches[point] = tree.Distance(point, count));
        var mean = reaches.Average();
        return mean > 0 || Enumerable.Range(0, points.Count).All(point => points[point].SequenceEqual(points[0])) ? mean
            : throw new TrainingFailedException($"The estimated bandwidth is 0: each point is equal to the nearest {count} of them. Set "
                + "bandwidth, or raise quantile.");
    }
}
