namespace Harness.Datasets;

/// <summary>
/// A task of few-shot classification: a few points of each class with their labels, and points to be labelled, which may be looked at
/// together.
/// </summary>
/// <param name="Points">Axes [point][feature]; those with labels first.</param>
/// <param name="Support">Labels 0..classes-1 of the first points; every class occurs.</param>
/// <param name="Queries">Labels of the other points; each -1 when withheld.</param>
public sealed record FewShotTask(IReadOnlyList<ReadOnlyMemory<float>> Points, IReadOnlyList<int> Support, IReadOnlyList<int> Queries);
