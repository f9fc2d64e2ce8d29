namespace Suites.Clustering.Annotations;

/// <summary>A scatterplot and what each annotator holds to be its clusters.</summary>
/// <param name="Points">Axes [point, 2].</param>
/// <param name="Annotations">Axes [annotator][point]: a cluster, 0 or more, whose number is a name; empty when withheld.</param>
public sealed record AnnotatedPlot(string Name, IReadOnlyList<double[]> Points, IReadOnlyList<IReadOnlyList<int>> Annotations);

/// <summary>The cluster of each point of a plot, 0 or more; numbers are names. There is no noise.</summary>
public sealed record PlotPartition(IReadOnlyList<int> Clusters);
