using Harness.Datasets.Images;
using Suites.SpikingTransformers.Learning;

namespace Suites.SpikingTransformers.Metrics;

/// <summary>
/// What is asked of R, R[i, j] being the accuracy on task j after task i was learned, both 0-based (Lopez-Paz and Ranzato, NeurIPS 2017):
/// its last row and its diagonal. Flat arrays, as a bootstrap fills thousands of tables.
/// </summary>
sealed class TaskTable
{
    long[] all = [], atOnce = [], atEnd = [];

    /// <summary>How many tasks were learned; 0 without samples.</summary>
    public int Stages => all.Length;

    public void Add(TaskImage sample, StagedPrediction prediction)
    {
        var (labels, task) = (prediction.Labels, sample.Task);
        if (Stages == 0) (all, atOnce, atEnd) = (new long[labels.Count], new long[labels.Count], new long[labels.Count]);
        CheckStages(sample, prediction, Stages);
        all[task]++;
        if (labels[task] == sample.Image.Label) atOnce[task]++;
        if (labels[^1] == sample.Image.Label) atEnd[task]++;
    }

    /// <exception cref="ArgumentException">An answer has not one class for each task.</exception>
    public static void CheckStages(TaskImage sample, StagedPrediction prediction, int stages)
    {
        if (prediction.Labels.Count != stages || sample.Task >= stages)
            throw new ArgumentException($"A sample of task {sample.Task} was answered for {prediction.Labels.Count} stages; every answer "
                + $"must have one class for each of {Math.Max(stages, sample.Task + 1)} tasks.", nameof(prediction));
    }

    /// <summary>R[j, j].</summary>
    public double AtOnce(int task) => (double)atOnce[task] / all[task];

    /// <summary>R[T, j] with the last task T.</summary>
    public double AtEnd(int task) => (double)atEnd[task] / all[task];

    /// <summary>Mean over the first so many tasks, as far as there are samples of them; not a number without any.</summary>
    public double Mean(int tasks, Func<int, double> ofTask)
    {
        var (sum, count) = (0.0, 0);
        for (var task = 0; task < tasks; task++)
        {
            if (all[task] == 0) continue;
            sum += ofTask(task);
            count++;
        }
        return sum / count;
    }
}
