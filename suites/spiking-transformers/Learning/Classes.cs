using Harness.Datasets;

namespace Suites.SpikingTransformers.Learning;

/// <summary>What the labels of training say about the classes.</summary>
static class Classes
{
    /// <summary>One more than the largest label of training and validation.</summary>
    /// <exception cref="TrainingFailedException">There is no training sample, or one without a class.</exception>
    public static int Of<TSample>(TrainingData<TSample> data) where TSample : ILabeled
    {
        if (data.Training.Count == 0)
            throw new TrainingFailedException("There are no training samples; a classifier needs at least one.");
        var labels = data.Training.Concat(data.Validation).Select(sample => sample.Label).ToList();
        if (labels.Min() is var smallest and < 0)
            throw new TrainingFailedException($"A training sample has the label {smallest}; a class is 0 or more, -1 is withheld.");
        return labels.Max() + 1;
    }
}
