using Harness.Datasets;

namespace Suites.Clustering.Annotations;

/// <summary>Clusters each plot by itself when it is asked.</summary>
/// <param name="clusters">Of points whose mean variance is about 1, by draws that are the same for every plot.</param>
sealed class PlotModel(Func<PointTable, Chance, IReadOnlyList<int>> clusters, RunContext context) : IModel<AnnotatedPlot, PlotPartition>
{
    /// <summary>One number: which rule it is.</summary>
    public Footprint Footprint { get; } = new(0, sizeof(int), 32);

    /// <exception cref="HarnessException">A plot has no points, one is not finite, or has other than two coordinates.</exception>
    public IReadOnlyList<PlotPartition> Predict(IReadOnlyList<AnnotatedPlot> batch) => [.. batch.Select(plot =>
    {
        context.Cancellation.ThrowIfCancellationRequested();
        return new PlotPartition(clusters(StandardPlot.Of(plot.Name, plot.Points), new(unchecked((ulong)context.Seed))));
    })];

    /// <summary>All pairs of points once, which is a bound from below: what an algorithm multiplies depends on the plot.</summary>
    public OperationCounts Count(IReadOnlyList<AnnotatedPlot> batch)
    {
        var macs = batch.Sum(plot => (double)plot.Points.Count * plot.Points.Count) / Math.Max(1, batch.Count);
        return new([new("distances", "distance", macs, 0, macs)], batch.Count);
    }

    public void Dispose() { }
}
