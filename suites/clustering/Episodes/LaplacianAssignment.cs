namespace Suites.Clustering.Episodes;

/// <summary>
/// Soft labels that agree with the cost of each class and with the labels of neighbours (Ziko et al. 2018, 2020): bound updates
/// Y ← softmax(-cost + smoothness W Y), where W says which points are nearest; the support keeps its labels.
/// </summary>
/// <param name="neighbors">[point][neighbour], not symmetric.</param>
/// <param name="descend">Whether an update that raises the energy is not taken: the published one may, as W is not symmetric.</param>
sealed class LaplacianAssignment(int[][] neighbors, int[] support, int classes, double smoothness, bool descend)
{
    const double Settled = 1e-7;
    const int MostUpdates = 600;

    /// <param name="cost">[point, class].</param>
    /// <param name="updated">Takes the energy after each update.</param>
    /// <returns>[point, class], rows sum to 1.</returns>
    public double[,] Labels(double[,] cost, Action<double> updated)
    {
        var labels = Softmax(cost, null);
        var before = double.NaN;
        for (var update = 0; update < MostUpdates; update++)
        {
            var next = Softmax(cost, labels);
            var energy = Energy(next, cost);
            if (descend && energy > before) break;
            labels = next;
            updated(energy);
            if (Math.Abs(energy - before) <= Settled * Math.Abs(before)) break;
            before = energy;
        }
        return labels;
    }

    /// <summary>Sum of Y cost - smoothness Y W Y, without the entropy.</summary>
    public double PlainEnergy(double[,] labels, double[,] cost) => Sum(labels, cost, static _ => 0);

    double Energy(double[,] labels, double[,] cost) => Sum(labels, cost, static label => label * Math.Log(Math.Max(label, 1e-20)));

    double Sum(double[,] labels, double[,] cost, Func<double, double> entropy)
    {
        var sum = 0.0;
        for (var point = 0; point < neighbors.Length; point++)
            for (var one = 0; one < classes; one++)
            {
                var label = labels[point, one];
                sum += entropy(label) + label * (cost[point, one] - smoothness * OfNeighbors(labels, point, one));
            }
        return sum;
    }

    double OfNeighbors(double[,] labels, int point, int one)
    {
        var sum = 0.0;
        foreach (var other in neighbors[point]) sum += labels[other, one];
        return sum;
    }

    double[,] Softmax(double[,] cost, double[,]? labels)
    {
        var next = new double[neighbors.Length, classes];
        var row = new double[classes];
        for (var point = 0; point < neighbors.Length; point++)
        {
            for (var one = 0; one < classes; one++)
                row[one] = point < support.Length ? (one == support[point] ? 0 : double.NegativeInfinity)
                    : smoothness * (labels is null ? 0 : OfNeighbors(labels, point, one)) - cost[point, one];
            var (most, total) = (row.Max(), 0.0);
            for (var one = 0; one < classes; one++) total += row[one] = Math.Exp(row[one] - most);
            for (var one = 0; one < classes; one++) next[point, one] = row[one] / total;
        }
        return next;
    }
}
