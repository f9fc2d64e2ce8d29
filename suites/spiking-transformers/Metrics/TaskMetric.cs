using Harness.Datasets.Images;
using Suites.SpikingTransformers.Learning;

namespace Suites.SpikingTransformers.Metrics;

/// <summary>What the table of accuracies after each task says in one number.</summary>
public sealed record TaskMetric : IMetric<TaskImage, StagedPrediction>
{
    const string Origin = "Lopez-Paz, Ranzato: Gradient episodic memory for continual learning, NeurIPS 2017";

    readonly Func<TaskTable, double> total;

    TaskMetric(MetricCard card, Func<TaskTable, double> total) =>
        (Card, this.total) = (card with { Source = Origin, Interval = IntervalRule.Bootstrap }, total);

    public static TaskMetric AverageAccuracy { get; } = new(new("average-accuracy", 1, "Average accuracy (ACC)", "share", Direction.Higher)
    {
        Definition = "Mean over tasks of the accuracy after the last task was learned.",
    }, table => table.Mean(table.Stages, table.AtEnd));

    public static TaskMetric BackwardTransfer { get; } = new(new("backward-transfer", 1, "Backward transfer (BWT)", "share",
        Direction.Higher)
    {
        Definition = "Mean over all tasks but the last of the accuracy after the last task minus the accuracy right after the task itself; "
            + "below 0 is forgetting.",
    }, table => table.Mean(table.Stages - 1, task => table.AtEnd(task) - table.AtOnce(task)));

    public static TaskMetric LearningAccuracy { get; } = new(new("learning-accuracy", 1, "Learning accuracy", "share", Direction.Higher)
    {
        Definition = "Mean over tasks of the accuracy right after the task was learned: a method that keeps all and learns nothing is low.",
    }, table => table.Mean(table.Stages, table.AtOnce));

    public MetricCard Card { get; }

    public ITally<TaskImage, StagedPrediction> Begin() => new Tally(total);

    sealed class Tally(Func<TaskTable, double> total) : ITally<TaskImage, StagedPrediction>
    {
        readonly TaskTable table = new();

        public void Add(TaskImage sample, StagedPrediction prediction) => table.Add(sample, prediction);

        public double Total() => total(table);
    }
}
