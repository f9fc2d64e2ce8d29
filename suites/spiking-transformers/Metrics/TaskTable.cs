using Harness.Datasets.Images;
using Suites.SpikingTransformers.Learning;

namespace Suites.SpikingTransformers.Metrics;

/// <summary>R[i, j]: accuracy on task j after task i was learned, both 0-based (Lopez-Paz and Ranzato, NeurIPS 2017).</summary>
sealed class TaskTable
{
    readonly SortedDictionary<int, (long[] Right, long All)> tasks = [];

    public int Stages { get; private set; }

    /// <summary>Tasks of which there are samples, ascending.</summary>
    public IReadOnlyCollection<int> Tasks => tasks.Keys;

    public void Add(TaskImage sample, StagedPrediction prediction)
    {
        if (Stages == 0) Stages = prediction.Labels.Count;
        if (prediction.Labels.Count != Stages || sample.Task >= Stages)
            throw new ArgumentException($"A sample of task {sample.Task} was answered for {prediction.Labels.Count} stages; every answer "
                + $"must have one class for each of {Math.Max(Stages, sample.Task + 1)} tasks.", nameof(prediction));
        var (right, all) = tasks.GetValueOrDefault(sample.Task, (new long[Stages], 0));
        for (var stage = 0; stage < Stages; stage++)
            if (prediction.Labels[stage] == sample.Image.Label) right[stage]++;
        tasks[sample.Task] = (right, all + 1);
    }

    public double Accuracy(int stage, int task) => (double)tasks[task].Right[stage] / tasks[task].All;

    /// <summary>Mean over tasks; not a number without any.</summary>
    public double Mean(Func<int, double> ofTask, Func<int, bool>? chosen = null) =>
        Tasks.Where(chosen ?? (_ => true)).Select(ofTask).DefaultIfEmpty(double.NaN).Average();
}
