using Harness.Datasets;

namespace Suites.Clustering.Annotations;

/// <summary>One annotator's numbers; <see cref="Typical"/> are their middle.</summary>
/// <param name="Penalty">Weight of the number of parameters of a mixture; 1 is Schwarz's.</param>
/// <param name="Smallest">Share of the points that a cluster has at least.</param>
/// <param name="OneCluster">Whether HDBSCAN* may call everything one cluster.</param>
/// <param name="Gap">How many times wider than nine of ten edges of the spanning tree a gap is.</param>
/// <param name="Neighbors">Of a core of DBSCAN.</param>
/// <param name="Reach">Radius of DBSCAN by the distance at the knee.</param>
/// <param name="Silhouette">Ward's clusterings of less are one cluster.</param>
sealed record AnnotatorTaste(double Penalty, double Smallest, bool OneCluster, double Gap, int Neighbors, double Reach, double Silhouette)
{
    public static AnnotatorTaste Typical { get; } = new(1.5, 0.04, true, 2.2, 6, 1, 0.5);

    public static AnnotatorTaste Draw(Chance chance) => new(1 + chance.Unit(), 0.02 + 0.04 * chance.Unit(), chance.Below(2) == 0,
        1.8 + 0.8 * chance.Unit(), 4 + chance.Below(5), 0.8 + 0.4 * chance.Unit(), 0.45 + 0.1 * chance.Unit());
}
