using Harness.Datasets;

namespace Suites.Clustering.Families;

/// <summary>The control: puts every point into one cluster. A score that it reaches says nothing about clusters.</summary>
public sealed record SingleCluster : IModelFamily<LabeledPoint, ClusterPrediction>
{
    public FamilyCard Card => new("single-cluster", 1, "Single cluster")
    { Kind = "control", Summary = "Puts every point into one cluster." };

    public IModel<LabeledPoint, ClusterPrediction> Prepare(TrainingData<LabeledPoint> data, RunContext context) => new Model();

    sealed class Model : IModel<LabeledPoint, ClusterPrediction>
    {
        public Footprint Footprint { get; } = new(0, 0, 0);

        public IReadOnlyList<ClusterPrediction> Predict(IReadOnlyList<LabeledPoint> batch) =>
            [.. batch.Select(_ => new ClusterPrediction(0))];

        public OperationCounts Count(IReadOnlyList<LabeledPoint> batch) => new([], batch.Count);

        public void Dispose() { }
    }
}
