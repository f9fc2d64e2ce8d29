using Harness.Datasets;

namespace Suites.Clustering.Annotations;

/// <summary>
/// Five annotators of a plot, one by each <see cref="AnnotatorRule"/>, each with numbers drawn anew. They agree where clusters are clear,
/// as their rules do; nothing says that people would agree with them.
/// </summary>
static class SimulatedAnnotators
{
    public static IReadOnlyList<IReadOnlyList<int>> Of(string name, IReadOnlyList<double[]> points, Chance chance,
        CancellationToken cancellation)
    {
        var table = StandardPlot.Of(name, points);
        return [.. Enum.GetValues<AnnotatorRule>()
            .Select(rule => Annotator.Clusters(table, rule, AnnotatorTaste.Draw(chance), chance, cancellation))];
    }
}
