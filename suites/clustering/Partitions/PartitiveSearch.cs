using Suites.Clustering.Centers;
using Suites.Clustering.Mixtures;
using Suites.Clustering.Splits;

namespace Suites.Clustering.Partitions;

/// <summary>A partition by k-means and what a Gaussian mixture that begins with it says of it.</summary>
/// <param name="Agreement">Share of points whose most probable component is their cluster.</param>
/// <param name="Certainty">Mean probability of a point's most probable component.</param>
/// <param name="Separable">Share of points whose most probable component has a probability of .99 or more.</param>
/// <param name="Criterion">The mixture's Bayesian information criterion; less is better.</param>
sealed record JudgedPartition(int[] Clusters, int Count, double Agreement, double Certainty, double Separable, double Criterion);

/// <summary>
/// Partitions by k-means from one cluster up, without chance: the cluster that two centres help most is split, or all centres begin far
/// from each other, whichever ends with less inertia; every partition is judged by a Gaussian mixture.
/// </summary>
/// <param name="points">In an order that depends on nothing but themselves.</param>
sealed class PartitiveSearch(PointTable points, int threads, CancellationToken cancellation)
{
    /// <summary>Beyond so many coordinates a cluster is split along its principal axis alone.</summary>
    const int MostAxes = 32;

    readonly Lloyd _lloyd = new(points, 0, 300, _ => cancellation.ThrowIfCancellationRequested(), threads);
    readonly ExpectationMaximization _mixture = new(points, CovarianceForm.Full, 1e-6, 1e-3, 100, threads,
        _ => cancellation.ThrowIfCancellationRequested());

    /// <summary>Ends where a cluster is too small for a covariance.</summary>
    public IEnumerable<JudgedPartition> Partitions()
    {
        var placement = _lloyd.Run(new(PrincipalAxis.Middle(points), 1, points.Dimensions));
        yield return Judge(placement);
        while (placement.Centers.Count < points.Count)
        {
            placement = Next(placement);
            if (placement.Assignment.CountBy(cluster => cluster).Min(size => size.Value) <= points.Dimensions) yield break;
            yield return Judge(placement);
        }
    }

    JudgedPartition Judge(Placement placement)
    {
        var (count, mixture) = (placement.Centers.Count, _mixture.Run(placement.Assignment, placement.Centers.Count).Mixture);
        var (components, probabilities, likelihood) = _mixture.Assign(mixture);
        return new(placement.Assignment, count, Share(point => components[point] == placement.Assignment[point]), probabilities.Average(),
            Share(point => probabilities[point] >= 0.99),
            mixture.Parameters(CovarianceForm.Full) * Math.Log(points.Count) - 2 * likelihood);
    }

    double Share(Func<int, bool> holds) => Enumerable.Range(0, points.Count).Count(holds) / (double)points.Count;

    Placement Next(Placement placement)
    {
        var split = _lloyd.Run(MostHelpful(placement));
        var far = _lloyd.Run(FarApart(placement.Centers.Count + 1));
        return split.Inertia <= far.Inertia ? split : far;
    }

    // The centres with those of one cluster's halves in its place: of the cluster whose inertia they lessen most.
    PointTable MostHelpful(Placement placement)
    {
        var members = Enumerable.Range(0, points.Count).ToLookup(point => placement.Assignment[point]);
        var (best, most, halves) = (0, double.NegativeInfinity, placement.Centers);
        for (var cluster = 0; cluster < placement.Centers.Count; cluster++)
        {
            var region = points.Of([.. members[cluster]]);
            if (region.Count < 2) continue;
            var (two, gain) = Halves(region);
            if (gain > most) (best, most, halves) = (cluster, gain, two.Centers);
        }
        var others = Enumerable.Range(0, placement.Centers.Count).Where(cluster => cluster != best).ToArray();
        return new([.. placement.Centers.Of(others).Values, .. halves.Values], others.Length + halves.Count, points.Dimensions);
    }

    // From the two extreme points along the principal axis, and along each coordinate where there are few.
    (Placement Two, double Gain) Halves(PointTable region)
    {
        var lloyd = new Lloyd(region, 0, 100, _ => cancellation.ThrowIfCancellationRequested(), threads);
        var principal = PrincipalAxis.Of(region, cancellation);
        var starts = new List<Func<int, double>> { point => principal.Along(region[point]) };
        for (var axis = 0; axis < region.Dimensions && region.Dimensions <= MostAxes; axis++)
        {
            var coordinate = axis;
            starts.Add(point => region[point][coordinate]);
        }
        Placement? best = null;
        foreach (var along in starts)
        {
            var order = Enumerable.Range(0, region.Count);
            var two = lloyd.Run(region.Of([order.MinBy(along), order.MaxBy(along)]));
            if (best is null || two.Inertia < best.Inertia) best = two;
        }
        var spread = Enumerable.Range(0, region.Count).Sum(point => Nearest.Squared(region[point], principal.Mean));
        return (best!, spread - best!.Inertia);
    }

    // The first is the point nearest the mean, each further one the point farthest from those before.
    PointTable FarApart(int count)
    {
        var mean = PrincipalAxis.Middle(points);
        var order = Enumerable.Range(0, points.Count);
        List<int> chosen = [order.MinBy(point => Nearest.Squared(points[point], mean))];
        var distances = new double[points.Count];
        Array.Fill(distances, double.PositiveInfinity);
        while (chosen.Count < count)
        {
            for (var point = 0; point < distances.Length; point++)
                distances[point] = Math.Min(distances[point], Nearest.Squared(points[point], points[chosen[^1]]));
            chosen.Add(order.MaxBy(point => distances[point]));
        }
        return points.Of(chosen);
    }
}
