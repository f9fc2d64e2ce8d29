using Harness.Datasets;

namespace Suites.Clustering.Episodes;

/// <param name="Classes">Of every point of the task.</param>
/// <param name="Macs">Multiply-accumulates that were done.</param>
sealed record EpisodeAnswer(int[] Classes, double Macs);

/// <summary>Solves each task by itself: nothing is learnt but the mean of the features.</summary>
/// <param name="solve">Takes the points of a task, the labels of the first ones, and the number of classes.</param>
sealed class EpisodeModel(FeatureMap features, Func<PointTable, int[], int, EpisodeAnswer> solve) : IModel<FewShotTask, TaskPrediction>
{
    public Footprint Footprint { get; } = new(features.Mean.Length, features.Mean.Length * sizeof(double), 64);

    /// <exception cref="HarnessException">A task is not one: see <see cref="FeatureMap.Apply"/>.</exception>
    public IReadOnlyList<TaskPrediction> Predict(IReadOnlyList<FewShotTask> batch) =>
        [.. batch.Select(task => new TaskPrediction(Solve(task).Classes[task.Support.Count..]))];

    /// <summary>Counted by solving the tasks once more: how many steps they take depends on them.</summary>
    public OperationCounts Count(IReadOnlyList<FewShotTask> batch)
    {
        var macs = batch.Count == 0 ? 0 : batch.Average(task => Solve(task).Macs);
        return new([new("distances", "distance", macs, 0, macs) { WeightBytes = Footprint.Bytes }], batch.Count);
    }

    public void Dispose() { }

    EpisodeAnswer Solve(FewShotTask task) => solve(features.Apply(task), [.. task.Support], task.Support.Max() + 1);
}
