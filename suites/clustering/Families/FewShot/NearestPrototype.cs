using Harness.Datasets;
using Suites.Clustering.Episodes;

namespace Suites.Clustering.Families.FewShot;

/// <summary>Each query by itself goes to the class whose labelled points have the nearest mean: nothing is learnt from queries.</summary>
public sealed record NearestPrototype(FeatureForm Features = FeatureForm.Centered) : IModelFamily<FewShotTask, TaskPrediction>
{
    public FamilyCard Card => new("nearest-prototype", 1, "Nearest prototype")
    {
        Kind = "classical",
        Summary = "The nearest mean of labelled points, each query alone.",
        Paper = "Wang, Chao, Weinberger and van der Maaten: SimpleShot: revisiting nearest-neighbor classification for few-shot "
            + "learning, 2019",
        Link = "https://arxiv.org/abs/1911.04623",
        Equations = "class(x) = argmin over k of |x - c_k|^2, c_k the mean of the labelled points of class k",
    };

    /// <exception cref="TrainingFailedException">There is no training task, or it is none.</exception>
    public IModel<FewShotTask, TaskPrediction> Prepare(TrainingData<FewShotTask> data, RunContext context) =>
        new EpisodeModel(FeatureMap.Of(Features, data.Training), static (points, support, classes) =>
        {
            var distances = Prototypes.Distances(points, Prototypes.Means(points, support, classes));
            return new([.. Enumerable.Range(0, points.Count).Select(point => Enumerable.Range(0, classes)
                .MinBy(one => distances[point, one]))], (double)points.Count * classes * points.Dimensions);
        });
}
