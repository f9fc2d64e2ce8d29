using Harness.Datasets.Images;
using Harness.Torch;
using Suites.SpikingTransformers.Networks.Continual;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Learning;

/// <summary>How tasks are learned: stochastic gradient descent without momentum, a constant rate.</summary>
/// <param name="Epochs">Passes over each task.</param>
/// <param name="Remembered">Samples of a finished task by which a method measures what to keep.</param>
sealed record TaskRecipe(int Epochs, int BatchSize, double LearningRate, int Remembered);

/// <summary>Learns task after task and keeps a copy of the network after each.</summary>
sealed class TaskLearner(SpikingStack network, TaskRows rows, IRetention retention, ReplayBuffer? replay, TaskRecipe recipe,
    RunContext context)
{
    const double LeastThreshold = 0.01;

    readonly SampleOrder chance = new(context.Seed);
    readonly long start = context.Time.GetTimestamp();
    int epochs;

    /// <param name="joint">Every stage learns from all tasks so far.</param>
    public StagedModel Learn(TrainingData<TaskImage> data, bool joint)
    {
        var stages = new List<StagedNetwork>();
        try
        {
            var tasks = data.Training.GroupBy(sample => sample.Task).OrderBy(task => task.Key).Select(task => task.ToArray()).ToArray();
            for (var task = 0; task < tasks.Length; task++)
            {
                var samples = joint ? [.. tasks[..(task + 1)].SelectMany(one => one)] : tasks[task];
                var seen = data.Validation.Where(sample => sample.Task <= tasks[task][0].Task).ToArray();
                retention.Begin(task);
                for (var epoch = 0; epoch < recipe.Epochs; epoch++) Epoch(samples, seen, task);
                retention.End(Lessons(samples));
                replay?.Keep(samples);
                stages.Add(StagedNetwork.Of(network));
            }
            return new(stages, rows);
        }
        catch
        {
            foreach (var stage in stages) stage.Dispose();
            throw;
        }
    }

    void Epoch(TaskImage[] samples, TaskImage[] seen, int task)
    {
        var (sum, batches) = (0.0, chance.Permutation(samples.Length).Chunk(recipe.BatchSize).ToArray());
        foreach (var batch in batches)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            sum += Step([.. batch.Select(place => samples[place]), .. replay?.Draw(batch.Length) ?? []], task);
        }
        if (!double.IsFinite(sum)) throw new TrainingFailedException($"The loss of task {task + 1} became {sum / batches.Length}: training "
            + $"diverged; lower the learning rate ({recipe.LearningRate}).");
        context.Progress.Report(new(++epochs, sum / batches.Length, Accuracy(seen), context.Time.GetElapsedTime(start).TotalSeconds)
        {
            Note = $"task {task + 1}; validation of the tasks so far",
        });
    }

    double Step(TaskImage[] batch, int task)
    {
        using var scope = NewDisposeScope();
        var lesson = Look(batch);
        using var mode = no_grad();
        // All of them first: a method may look at the weights, which are those of this batch.
        var gradients = lesson.Credits.Select((credit, layer) => retention.Gradient(layer, credit)).ToArray();
        foreach (var (weight, gradient) in network.Weights.Zip(gradients)) weight.sub_(gradient * recipe.LearningRate);
        // What is no weight belongs to all tasks alike: it stays as the first one left it.
        if (task == 0)
            foreach (var (parameter, gradient) in lesson.Others) parameter.sub_(gradient * recipe.LearningRate).clamp_(min: LeastThreshold);
        return lesson.Loss;
    }

    Lesson Look(IReadOnlyList<TaskImage> batch) =>
        network.Learn(rows.Encode(batch), tensor(batch.Select(sample => (long)sample.Image.Label).ToArray()));

    // Their tensors belong to whoever asks for them.
    IEnumerable<Lesson> Lessons(TaskImage[] samples) => chance.Permutation(samples.Length).Take(recipe.Remembered)
        .Chunk(recipe.BatchSize).Select(batch => Look([.. batch.Select(place => samples[place])]));

    double? Accuracy(TaskImage[] samples) => samples.Length == 0 ? null
        : samples.Chunk(Classifier.BatchSize).Sum(Right) / (double)samples.Length;

    int Right(TaskImage[] batch)
    {
        using var encoded = rows.Encode(batch);
        return StagedNetwork.Labels(network, encoded).Zip(batch).Count(pair => pair.First == pair.Second.Image.Label);
    }
}
