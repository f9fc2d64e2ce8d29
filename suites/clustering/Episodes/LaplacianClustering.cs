using Suites.Clustering.Centers;

namespace Suites.Clustering.Episodes;

/// <summary>What stands for a class: the mean of its points, or the mode of their density.</summary>
public enum ClassPrototype { Mean, Mode }

/// <summary>
/// Clusters the points of a task around prototypes of its classes, in turns with their labels, until the energy settles. Every energy is
/// told, that of the labels' updates and that of the turns.
/// </summary>
sealed class LaplacianClustering(PointTable points, int[] support, int classes, ClassPrototype prototype, double smoothness,
    int neighborCount, bool descend)
{
    const double Settled = 1e-4;
    const int MostTurns = 100;

    double _macs;

    /// <summary>The energy after every turn.</summary>
    public List<double> Energies { get; } = [];

    /// <summary>The energies of every run of updates within a turn.</summary>
    public List<List<double>> Updates { get; } = [];

    public EpisodeAnswer Solve()
    {
        var (neighbors, variance) = Neighbors();
        var assignment = new LaplacianAssignment(neighbors, support, classes, smoothness, descend);
        var centers = Prototypes.Means(points, support, classes);
        var labels = Hard(Distances(centers));
        for (var turn = 0; turn < MostTurns; turn++)
        {
            centers = prototype == ClassPrototype.Mean ? Prototypes.Means(points, labels, classes)
                : Prototypes.Modes(points, labels, centers, variance);
            var cost = Costs(centers, variance);
            var soft = Soft(assignment, cost);
            var next = Largest(soft);
            // A class without points has no prototype: the turn before is the answer.
            if (next.Distinct().Count() < classes) break;
            var energy = assignment.PlainEnergy(soft, cost);
            var before = Energies.Count == 0 ? double.NaN : Energies[^1];
            if (descend && energy > before) break;
            labels = next;
            Energies.Add(energy);
            if (Math.Abs(energy - before) <= Settled * Math.Abs(before)) break;
        }
        return new(labels, _macs);
    }

    double[,] Distances(PointTable centers)
    {
        _macs += (double)points.Count * classes * points.Dimensions;
        return Prototypes.Distances(points, centers);
    }

    double[,] Costs(PointTable centers, double variance)
    {
        var costs = Distances(centers);
        if (prototype == ClassPrototype.Mode)
            for (var point = 0; point < points.Count; point++)
                for (var one = 0; one < classes; one++) costs[point, one] = -Math.Exp(-costs[point, one] / (2 * variance));
        return costs;
    }

    double[,] Soft(LaplacianAssignment assignment, double[,] cost)
    {
        if (smoothness > 0)
        {
            Updates.Add([]);
            return assignment.Labels(cost, Updates[^1].Add);
        }
        var soft = new double[points.Count, classes];
        foreach (var (point, one) in Hard(cost).Index()) soft[point, one] = 1;
        return soft;
    }

    int[] Hard(double[,] cost)
    {
        var negative = new double[points.Count, classes];
        for (var point = 0; point < points.Count; point++)
            for (var one = 0; one < classes; one++) negative[point, one] = -cost[point, one];
        var labels = Largest(negative);
        support.CopyTo(labels, 0);
        return labels;
    }

    int[] Largest(double[,] values) => [.. Enumerable.Range(0, points.Count).Select(point =>
        Enumerable.Range(0, classes).MaxBy(one => values[point, one]))];

    // The nearest others of each point, itself counted as one; and the variance of the kernel: their squared distances over 5 a point.
    (int[][], double Variance) Neighbors()
    {
        _macs += (double)points.Count * points.Count * points.Dimensions;
        var (found, sum) = (new int[points.Count][], 0.0);
        for (var point = 0; point < points.Count; point++)
        {
            var nearest = Enumerable.Range(0, points.Count).Where(other => other != point)
                .Select(other => (Squared: Nearest.Squared(points[point], points[other]), Other: other)).Order().Take(neighborCount - 1)
                .ToArray();
            found[point] = [.. nearest.Select(pair => pair.Other)];
            sum += nearest.Sum(pair => pair.Squared);
        }
        return (found, Math.Max(sum / (5.0 * points.Count), 1e-12));
    }
}
