using System.Runtime.InteropServices;
using Harness.Datasets;

namespace Suites.Clustering.Metrics;

/// <summary>How many points lie in each reference cluster and predicted cluster together: all that a partition metric needs.</summary>
sealed class Contingency : ITally<LabeledPoint, ClusterPrediction>
{
    readonly Dictionary<(int Reference, int Predicted), long> _cells = [];
    readonly Func<Contingency, double> _total;

    /// <param name="total">The metric; not asked when there are no points.</param>
    public Contingency(Func<Contingency, double> total) => _total = total;

    public long Points { get; private set; }

    /// <summary>Points in each pair of clusters that share any.</summary>
    public IReadOnlyDictionary<(int Reference, int Predicted), long> Cells => _cells;

    /// <summary>Points in each reference cluster.</summary>
    public Dictionary<int, long> References => Margin(cell => cell.Reference);

    /// <summary>Points in each predicted cluster; those predicted as noise (-1) count as one cluster.</summary>
    public Dictionary<int, long> Predictions => Margin(cell => cell.Predicted);

    public void Add(LabeledPoint sample, ClusterPrediction prediction)
    {
        Points++;
        CollectionsMarshal.GetValueRefOrAddDefault(_cells, (sample.Label, prediction.Cluster), out _)++;
    }

    /// <summary>NaN when there are no points: nothing has no partition.</summary>
    public double Total() => Points == 0 ? double.NaN : _total(this);

    Dictionary<int, long> Margin(Func<(int Reference, int Predicted), int> cluster)
    {
        var margin = new Dictionary<int, long>();
        foreach (var (cell, count) in _cells) CollectionsMarshal.GetValueRefOrAddDefault(margin, cluster(cell), out _) += count;
        return margin;
    }
}
