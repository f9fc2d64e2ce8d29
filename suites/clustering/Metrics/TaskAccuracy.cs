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

    public ITally<FewShotTask, TaskPrediction> Begin() => new Tally();

    sealed class Tally : ITally<FewShotTask, TaskPrediction>
    {
        double _sum;
        int _tasks;

        public void Add(FewShotTask sample, TaskPrediction prediction)
        {
            _sum += sample.Queries.Zip(prediction.Classes).Average(pair => pair.First == pair.Second ? 1.0 : 0);
            _tasks++;
        }

        /// <summary>NaN where there is no task.</summary>
        public double Total() => _sum / _tasks;
    }
}
