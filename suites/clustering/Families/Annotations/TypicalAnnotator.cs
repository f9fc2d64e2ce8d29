using Harness.Datasets;
using Suites.Clustering.Annotations;

namespace Suites.Clustering.Families.Annotations;

/// <summary>A simulated annotator with middle numbers: the rule itself as a peer of what learns from annotators.</summary>
public sealed record TypicalAnnotator(AnnotatorRule Rule = AnnotatorRule.Mixture) : IModelFamily<AnnotatedPlot, PlotPartition>
{
    public FamilyCard Card => new("typical-annotator", 1, "One rule of the simulated annotators")
    {
        Kind = "classical",
        Summary = "Clusters by a rule that one of the simulated annotators follows too, with the middle of its numbers.",
        Equations = """
            mixture: least -2 log L + 1.5 parameters log n of 1 to 8 Gaussians; gaps: edges of the spanning tree over 2.2 times nine of ten
            hdbscan: clusters of 4 % at least; knee: DBSCAN at the knee of distances to the 6th neighbour
            ward: 2 to 8 clusters of the largest silhouette, one below 0.5; points of no cluster or of one below 4 % join the nearest
            """,
    };

    /// <summary>Nothing is learnt: <paramref name="data"/> is not looked at.</summary>
    public IModel<AnnotatedPlot, PlotPartition> Prepare(TrainingData<AnnotatedPlot> data, RunContext context) => new PlotModel(
        (points, chance) => Annotator.Clusters(points, Rule, AnnotatorTaste.Typical, chance, context.Cancellation), context);
}
