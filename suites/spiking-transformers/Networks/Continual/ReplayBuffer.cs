using Harness.Datasets.Images;
using Harness.Torch;

namespace Suites.SpikingTransformers.Networks.Continual;

/// <summary>Keeps the same number of samples of each task that was learned, drawn at random.</summary>
sealed class ReplayBuffer(int perTask, SampleOrder chance)
{
    readonly List<TaskImage> kept = [];

    public void Keep(IReadOnlyList<TaskImage> task) =>
        kept.AddRange(chance.Permutation(task.Count).Take(perTask).Select(place => task[place]));

    /// <summary>So many, each drawn from all that are kept; none before a task ended.</summary>
    public IEnumerable<TaskImage> Draw(int count) =>
        kept.Count == 0 ? [] : Enumerable.Range(0, count).Select(_ => kept[chance.Below(kept.Count)]);
}
