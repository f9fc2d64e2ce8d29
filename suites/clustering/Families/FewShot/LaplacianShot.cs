using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Suites.Clustering.Episodes;

namespace Suites.Clustering.Families.FewShot;

/// <summary>
/// SLK: few-shot classification as constrained clustering of all points of a task, with prototypes that move and labels that agree between
/// neighbours. Without smoothness and with means it is k-means, with modes K-modes.
/// </summary>
/// <param name="Prototype">SLK-Means or SLK-MS.</param>
/// <param name="Smoothness">Weight of the agreement of neighbours, lambda.</param>
/// <param name="Neighbors">Nearest points of each, itself counted.</param>
/// <param name="Descend">Whether steps that raise the energy are not taken; the published updates take them.</param>
public sealed record LaplacianShot(ClassPrototype Prototype = ClassPrototype.Mode, [property: Range(0.0, 1e6)] double Smoothness = 0.7,
    [property: Range(2, 1000)] int Neighbors = 3, FeatureForm Features = FeatureForm.Centered, bool Descend = false)
    : IModelFamily<FewShotTask, TaskPrediction>
{
    public FamilyCard Card => new("slk-few-shot", 1, "SLK few-shot clustering")
    {
        Kind = "classical",
        Summary = "Labelled and unlabelled points of a task are clustered together; the labels of the few are kept.",
        Paper = "Ziko, Boudiaf, Dolz, Granger and Ben Ayed: Transductive few-shot learning: clustering is all you need?, 2021",
        Link = "https://arxiv.org/abs/2106.09516",
        Equations = """
            mean: c_k = mean of the points labelled k, a = |x - c_k|^2
            mode: c_k by mean shift under a Gaussian, a = -exp(-|x - c_k|^2 / 2 s^2), s^2 = sum over neighbours |x - y|^2 / 5 n
            Y <- softmax(-a + lambda W Y), rows of labelled points fixed, W_xy = 1 where y is one of the nearest of x
            energy = sum Y a - lambda sum Y W Y
            """,
    };

    /// <exception cref="TrainingFailedException">There is no training task, or it is none.</exception>
    public IModel<FewShotTask, TaskPrediction> Prepare(TrainingData<FewShotTask> data, RunContext context) =>
        new EpisodeModel(FeatureMap.Of(Features, data.Training), (points, support, classes) =>
        {
            context.Cancellation.ThrowIfCancellationRequested();
            return new LaplacianClustering(points, support, classes, Prototype, Smoothness, Neighbors, Descend).Solve();
        });
}
