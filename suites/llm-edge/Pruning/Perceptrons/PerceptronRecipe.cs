using System.ComponentModel.DataAnnotations;

namespace Suites.LlmEdge.Pruning.Perceptrons;

/// <summary>How a perceptron is trained before it is pruned: Adam (Kingma and Ba 2015) on cross entropy, its rate falling to zero as a
/// cosine.</summary>
public sealed record PerceptronRecipe(
    [property: Range(1, 1000)] int Epochs = 5,
    [property: Range(1, 100_000)] int BatchSize = 128,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double LearningRate = 1e-3);
