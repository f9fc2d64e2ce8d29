namespace Suites.SpikingTransformers.Learning;

/// <summary>The class that a model would have answered after each task it learned, in the order of the tasks.</summary>
public sealed record StagedPrediction(IReadOnlyList<int> Labels);
