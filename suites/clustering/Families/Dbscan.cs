using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Suites.Clustering.Densities;

namespace Suites.Clustering.Families;

/// <summary>
/// DBSCAN: points with enough neighbours are cores, cores within reach of each other are one cluster, other points within reach of a core
/// belong to the cluster of the first such core, and the rest is noise.
/// </summary>
/// <param name="Radius">Reach of a point, in the unit of the coordinates.</param>
/// <param name="Neighbors">How many points a core has within reach, itself counted.</param>
public sealed record Dbscan([property: Range(0.0, 1e150, MinimumIsExclusive = true)] double Radius = 0.5,
    [property: Range(1, 1_000_000)] int Neighbors = 5) : IModelFamily<LabeledPoint, ClusterPrediction>
{
    public FamilyCard Card => new("dbscan", 1, "DBSCAN")
    {
        Kind = "classical",
        Summary = "Dense regions, of any form, separated by sparse ones; points in sparse regions are noise.",
        Paper = "Ester, Kriegel, Sander and Xu: A density-based algorithm for discovering clusters, KDD 1996",
        Link = "https://www.aaai.org/Papers/KDD/1996/KDD96-037.pdf",
        Equations = "core: |{y : |x - y| <= radius}| >= neighbors; clusters: connected cores with what they reach",
    };

    /// <exception cref="TrainingFailedException">There is no point, or one is not finite.</exception>
    public IModel<LabeledPoint, ClusterPrediction> Prepare(TrainingData<LabeledPoint> data, RunContext context)
    {
        var points = PointTable.ForTraining(data.Training);
        return new TransductiveModel(points, Label(points, context.Cancellation));
    }

    int[] Label(PointTable points, CancellationToken cancellation)
    {
        const int Unseen = -2, Noise = -1;
        var (tree, found, labels) = (new Neighborhoods(points), new List<int>(), new int[points.Count]);
        Array.Fill(labels, Unseen);
        var (clusters, waiting) = (0, new Stack<int>());
        for (var start = 0; start < labels.Length; start++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (labels[start] != Unseen) continue;
            tree.Within(start, Radius, found);
            labels[start] = found.Count < Neighbors ? Noise : clusters;
            if (labels[start] == Noise) continue;
            waiting.Push(start);
            while (waiting.TryPop(out var core))
            {
                tree.Within(core, Radius, found);
                if (found.Count < Neighbors) continue;
                foreach (var other in found)
                {
                    if (labels[other] == Unseen) waiting.Push(other);
                    if (labels[other] is Unseen or Noise) labels[other] = clusters;
                }
            }
            clusters++;
        }
        return labels;
    }
}
