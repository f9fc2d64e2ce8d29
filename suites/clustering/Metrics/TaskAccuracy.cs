using Harness.Datasets;
using Suites.Clustering.Episodes;

namespace Suites.Clustering.Metrics;

/// <summary>The mean over tasks of the share of queries that are labelled right.</summary>
public sealed record TaskAccuracy : IMetric<FewShotTask, TaskPrediction>
{
    public MetricCard Card { get; } = new("task-accuracy", 1, "Accuracy of tasks", "1", Direction.Higher)
    {
        Definition = "The share of a task's queries whose class is right, as a mean over tasks. Its interval resamples tasks.",
        Source = "Vinyals, Blundell, Lillicrap, Kavukcuoglu and Wierstra: Matching networks for one shot learning, NIPS 2016",
        Interval = IntervalRule.Bootstrap,
    };

    public ITally<FewShotTask, TaskPrediction> Begin() => Tally.Mean<FewShotTask, TaskPrediction>((task, prediction) =>
        task.Queries.Zip(prediction.Classes).Average(pair => pair.First == pair.Second ? 1.0 : 0));
}
